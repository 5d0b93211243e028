using System.Text;
using System.Text.Json;
using Garam.Operations.Messages;
using Garam.Operations.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Messages;

public sealed class TailTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private MessageOperations Messages => console.Server.Services.GetRequiredService<MessageOperations>();

    [Fact]
    public async Task A_tail_gives_every_record_or_counts_it_and_one_that_comes_back_goes_on_where_it_was()
    {
        await CreateAsync("followed");
        using var patience = new CancellationTokenSource(Patience);
        string position;
        await using (var first = await Follower.StartAsync(console.Server.Http, "topic=followed", null, patience.Token))
        {
            await first.UntilAsync(said => said.Id is not null);
            await WriteAsync("followed", 0, 3_000);
            await first.UntilAsync(_ => first.Rows.Count + first.Skipped >= 3_000 && first.Position is not null);
            (first.Rows.Count + first.Skipped).ShouldBe(3_000);
            await first.UntilAsync(said => said.Id is not null);
            position = first.Position!;
        }

        await WriteAsync("followed", 3_000, 10);
        await using var second = await Follower.StartAsync(console.Server.Http, "topic=followed", position, patience.Token);
        await second.UntilAsync(_ => second.Rows.Count >= 10);
        second.Rows.ShouldBe(Enumerable.Range(3_000, 10).Select(number => $"v{number}"));
    }

    [Fact]
    public async Task A_tail_with_a_query_gives_what_matches_alone()
    {
        await CreateAsync("filtered");
        using var patience = new CancellationTokenSource(Patience);
        await using var tail = await Follower.StartAsync(console.Server.Http, "topic=filtered&q=v7", null, patience.Token);
        await tail.UntilAsync(said => said.Id is not null);
        await WriteAsync("filtered", 0, 20);
        await tail.UntilAsync(_ => tail.Rows.Count > 0);
        tail.Rows.ShouldBe(["v7"]);
    }

    [Theory]
    [InlineData("topic=followed&q=(")]
    [InlineData("q=x")]
    public async Task What_cannot_be_followed_is_refused_at_once(string query)
    {
        using var answer = await console.Server.Http.GetAsync($"/api/tail?{query}");
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    private Task WriteAsync(string topic, int from, int count) =>
        Task.WhenAll(Enumerable.Range(from, count).Select(number => Messages.ProduceAsync(new NewRecord(topic, null, Encoding.UTF8.GetBytes($"v{number}")))));

    private async Task CreateAsync(string topic) =>
        await console.Server.Services.GetRequiredService<TopicOperations>().CreateAsync([topic], 1, null, new Dictionary<string, string>(), dryRun: false, default);

    /// <summary>A reader of a tail, as the page's script is one.</summary>
    private sealed class Follower(HttpResponseMessage answer, StreamReader events, CancellationToken ct) : IAsyncDisposable
    {
        public List<string> Rows { get; } = [];

        public long Skipped { get; private set; }

        public string? Position { get; private set; }

        public static async Task<Follower> StartAsync(HttpClient http, string query, string? position, CancellationToken ct)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/tail?{query}");
            if (position is not null)
                request.Headers.Add("Last-Event-ID", position);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            answer.EnsureSuccessStatusCode();
            return new Follower(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(ct)), ct);
        }

        /// <summary>Reads events until one of them, or what came so far, is enough.</summary>
        public async Task UntilAsync(Predicate<(string Type, string? Id)> enough)
        {
            while (true)
            {
                var fields = new Dictionary<string, string>();
                while (await events.ReadLineAsync(ct) is { Length: > 0 } line)
                    fields[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 2)..];
                var id = fields.GetValueOrDefault("id");
                Position = id ?? Position;
                if (fields["event"] == "rows")
                {
                    var data = JsonDocument.Parse(fields["data"]).RootElement;
                    Rows.AddRange(data.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("value").GetString()!));
                    Skipped += data.GetProperty("skipped").GetInt64();
                }

                if (enough((fields["event"], id)))
                    return;
            }
        }

        public ValueTask DisposeAsync()
        {
            events.Dispose();
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
