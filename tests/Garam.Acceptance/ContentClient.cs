using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Garam.Acceptance;

internal sealed record Post(long Id, int Version, string Title, string Content, long UserId, long CategoryId);

internal sealed record PostDetail(long Id, string Title, string Content, string UserName, string CategoryName);

internal sealed record PostInList(long Id, string Title);

internal sealed record Page(List<PostInList> Items, string? Next);

/// <summary>The content platform's routes as a user of its HTTP API sees them.</summary>
internal sealed class ContentClient(Uri address) : IDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public HttpClient Http => _http;

    public async Task<Post> CreateAsync(string title, string content, long userId, CancellationToken ct, long categoryId = 1)
    {
        using var answer = await _http.PostAsJsonAsync("/posts", new { title, content, userId, categoryId }, Web, ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(ct));
        answer.Headers.Location.ShouldNotBeNull();
        return (await answer.Content.ReadFromJsonAsync<Post>(Web, ct))!;
    }

    public async Task<Post> UpdateAsync(Post post, string title, string content, CancellationToken ct)
    {
        using var answer = await _http.PutAsJsonAsync($"/posts/{post.Id}", new { title, content, userId = post.UserId, categoryId = post.CategoryId }, Web, ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(ct));
        return (await answer.Content.ReadFromJsonAsync<Post>(Web, ct))!;
    }

    public async Task<HttpStatusCode> DeleteAsync(long id, CancellationToken ct)
    {
        using var answer = await _http.DeleteAsync($"/posts/{id}", ct);
        return answer.StatusCode;
    }

    /// <summary>The post as readers see it, or null while it must not be seen.</summary>
    public async Task<PostDetail?> DetailAsync(long id, CancellationToken ct)
    {
        using var answer = await _http.GetAsync($"/posts/{id}/detail", ct);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<PostDetail>(Web, ct);
    }

    public Task<List<PostInList>> SearchAsync(string keyword, CancellationToken ct) =>
        AllAsync($"/list/search?keyword={Uri.EscapeDataString(keyword)}&size=100", ct);

    public Task<List<PostInList>> InboxAsync(long user, CancellationToken ct) => AllAsync($"/list/inbox/{user}?size=100", ct);

    public async Task<List<long>> FollowersAsync(long user, CancellationToken ct)
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>($"/followers?followingId={user}", ct);
        return [.. Elements(answer).Select(UserIdOf)];
    }

    public void Dispose() => _http.Dispose();

    private async Task<List<PostInList>> AllAsync(string route, CancellationToken ct)
    {
        var all = new List<PostInList>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await _http.GetFromJsonAsync<Page>(cursor == "" ? route : $"{route}&cursor={Uri.EscapeDataString(cursor)}", Web, ct);
            all.AddRange(page!.Items);
            cursor = page.Next;
        }

        return all;
    }

    private static IEnumerable<JsonElement> Elements(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Array ? answer.EnumerateArray() : answer.GetProperty("items").EnumerateArray();

    private static long UserIdOf(JsonElement user) =>
        user.ValueKind == JsonValueKind.Number ? user.GetInt64()
        : user.TryGetProperty("followerId", out var follower) ? follower.GetInt64()
        : user.GetProperty("id").GetInt64();
}
