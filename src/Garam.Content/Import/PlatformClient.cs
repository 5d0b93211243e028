using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Garam.Content.Import;

/// <summary>The routes of the content platform that an import needs.</summary>
internal sealed class PlatformClient(HttpClient http)
{
    public Task<IReadOnlyList<KnownName>> UsersAsync(CancellationToken cancellationToken) => AllAsync("users", cancellationToken);

    public Task<IReadOnlyList<KnownName>> CategoriesAsync(CancellationToken cancellationToken) => AllAsync("categories", cancellationToken);

    /// <summary>The new post's id, or why the platform refuses it.</summary>
    /// <exception cref="HttpRequestException">Nobody can tell whether it was created, or the platform is in trouble.</exception>
    public async Task<(long? Id, string? Refusal)> CreateAsync(ImportedPost post, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("posts", post, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        {
            return (null, await ReasonAsync(response, cancellationToken).ConfigureAwait(false));
        }

        var created = await ReadAsync<Identified>(response, cancellationToken).ConfigureAwait(false);
        return (created.Id, null);
    }

    /// <summary>Whether search finds the post by this keyword, among the first hundred.</summary>
    public async Task<bool> IsFoundAsync(long id, string keyword, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"list/search?size=100&keyword={Uri.EscapeDataString(keyword)}", cancellationToken).ConfigureAwait(false);
        var page = await ReadAsync<Items<Identified>>(response, cancellationToken).ConfigureAwait(false);
        return page.List.Any(post => post.Id == id);
    }

    private async Task<IReadOnlyList<KnownName>> AllAsync(string what, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(what, cancellationToken).ConfigureAwait(false);
            var all = await ReadAsync<Items<KnownName>>(response, cancellationToken).ConfigureAwait(false);
            return all.List.Count > 0 ? all.List : throw new HttpRequestException($"it has no {what}");
        }
        catch (HttpRequestException error)
        {
            throw new ImportException($"{http.BaseAddress} could not be asked for its {what} ({error.Message}). Is it running? Start it by 'garam up'.", error);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.EnsureSuccessStatusCode();
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(cancellationToken).ConfigureAwait(false) ?? throw new HttpRequestException("it answered nothing");
        }
        catch (JsonException error)
        {
            throw new HttpRequestException("it does not answer as the content platform does", error);
        }
    }

    /// <summary>Problem details say it in words; anything else by its status.</summary>
    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return status;
        }

        var problem = await response.Content.ReadFromJsonAsync<Problem>(cancellationToken).ConfigureAwait(false);
        return problem?.Detail ?? problem?.Title ?? status;
    }

    private sealed record Identified(long Id);

    private sealed record Items<T>([property: System.Text.Json.Serialization.JsonPropertyName("items")] IReadOnlyList<T> List);

    private sealed record Problem(string? Title, string? Detail);
}
