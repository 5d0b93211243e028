using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Garam.CommandLine;
using Garam.Console.Outboxes;

namespace Garam.Outboxes;

/// <summary>The outboxes of a running platform, over its HTTP API.</summary>
internal sealed class OutboxClient(Uri server) : IDisposable
{
    private const int PageSize = 1_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly HttpClient _http = new() { BaseAddress = server };

    public void Dispose() => _http.Dispose();

    public Task<List<OutboxView>> AllAsync(CancellationToken ct) => GetAsync<List<OutboxView>>("api/outboxes", ct);

    /// <summary>The outbox of that name, or the only one.</summary>
    /// <exception cref="CommandFailure">There is none, or several and no name.</exception>
    public async Task<string> OneAsync(string? name, CancellationToken ct)
    {
        if (name is not null)
            return name;
        return await AllAsync(ct) switch
        {
            [var only] => only.Name,
            [] => throw new CommandFailure(ExitCode.NotFound, $"{server} has no outbox."),
            var several => throw new CommandFailure(
                ExitCode.Usage,
                $"there are several outboxes ({string.Join(", ", several.Select(outbox => outbox.Name))}): choose one with --outbox."),
        };
    }

    public Task<List<OutboxMessageView>> MessagesAsync(string outbox, bool all, long after, int limit, CancellationToken ct) => GetAsync<List<OutboxMessageView>>(
        string.Create(CultureInfo.InvariantCulture, $"api/outboxes/{Uri.EscapeDataString(outbox)}/messages?all={(all ? "true" : "false")}&after={after}&limit={limit}"), ct);

    public async Task<IReadOnlyList<long>> UndeliverableAsync(string outbox, CancellationToken ct)
    {
        var ids = new List<long>();
        for (List<OutboxMessageView>? page = null; page is null || page.Count == PageSize;)
        {
            page = await MessagesAsync(outbox, all: false, ids.LastOrDefault(), PageSize, ct);
            ids.AddRange(page.Select(message => message.Id));
        }

        return ids;
    }

    /// <summary>Those of the messages for which an action can be done. Says which cannot be found.</summary>
    public async Task<IReadOnlyList<long>> FindAsync(string outbox, IReadOnlyList<long> ids, string action, CancellationToken ct)
    {
        // What waits without a failure can be removed or dead-lettered, but is not retried.
        var all = action != "retry";
        var found = new List<long>();
        foreach (var id in ids)
        {
            if (await MessagesAsync(outbox, all, id - 1, 1, ct) is [var message] && message.Id == id)
                found.Add(id);
            else
                Talk.Say($"message {id}: outbox {outbox} has no {(all ? "" : "undeliverable ")}message {id}. See: garam outbox list");
        }

        return found;
    }

    /// <returns>The exit code.</returns>
    public async Task<int> DecideAsync(string outbox, IReadOnlyList<long> ids, string action, string done, CancellationToken ct)
    {
        var codes = new List<int>();
        foreach (var id in ids)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"api/outboxes/{Uri.EscapeDataString(outbox)}/messages/{id}/{action}");
            using var answer = await _http.PostAsync(path, content: null, ct);
            codes.Add(CodeOf(answer.StatusCode));
            Talk.Say(answer.IsSuccessStatusCode ? $"message {id}: {done}" : $"message {id}: {await ReasonAsync(answer, ct)}");
        }

        return codes.TrueForAll(code => code == ExitCode.Ok) ? ExitCode.Ok : codes.Contains(ExitCode.Ok) ? ExitCode.Partial : codes[0];
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken ct)
    {
        using var answer = await _http.GetAsync(path, ct);
        if (!answer.IsSuccessStatusCode)
            throw new CommandFailure(CodeOf(answer.StatusCode), await ReasonAsync(answer, ct));
        return await answer.Content.ReadFromJsonAsync<T>(Json, ct) ?? throw new CommandFailure(ExitCode.Failure, $"{server} sent an empty answer.");
    }

    private static int CodeOf(HttpStatusCode status) => status switch
    {
        < HttpStatusCode.MultipleChoices => ExitCode.Ok,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Conflict => ExitCode.Conflict,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.Unauthorized,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => ExitCode.Unreachable,
        _ => ExitCode.Failure,
    };

    private static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
            return problem.GetProperty("detail").GetString()!;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"the server answered {(int)answer.StatusCode}.";
        }
    }
}
