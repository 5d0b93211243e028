using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Garam.Console.Languages;
using Garam.Operations;
using Garam.Operations.Messages;

namespace Garam.Console.Messages;

/// <summary>
/// A browse or a tail as server-sent events: <c>rows</c>, <c>progress</c>, at the end <c>done</c>, or <c>failed</c> where it broke off. A tail's
/// events carry its position as their id, so that whoever comes back with it as <c>Last-Event-ID</c> misses nothing.
/// </summary>
internal static class MessageStream
{
    public static async IAsyncEnumerable<SseItem<string>> Of(IAsyncEnumerable<BrowseEvent> events, Language language, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var looked = events.GetAsyncEnumerator(ct);
        while (true)
        {
            SseItem<string>? item = null;
            try
            {
                if (!await looked.MoveNextAsync())
                    yield break;
            }
            catch (OperationException failure)
            {
                item = Item("failed", new { Message = language.Failure(failure) });
            }

            yield return item ?? Item(looked.Current);
            if (item is not null)
                yield break;
        }
    }

    private static SseItem<string> Item(BrowseEvent said) => said switch
    {
        BrowseEvent.Rows rows => Item("rows", new { Rows = rows.Records.Select(MessageRow.Of), rows.Skipped }),
        BrowseEvent.Progress progress => Item("progress", new
        {
            progress.Scanned,
            progress.Total,
            progress.Bytes,
            progress.Hits,
            progress.Skipped,
            Elapsed = (long)progress.Elapsed.TotalMilliseconds,
        }, progress.Cursor),
        BrowseEvent.Done done => Item("done", new { Why = done.Why.ToString().ToLowerInvariant(), done.Older, done.Newer }, done.Newer),
        _ => throw new ArgumentException($"an event of which the page knows nothing: {said}.", nameof(said)),
    };

    private static SseItem<string> Item(string type, object data, string? id = null) => new(JsonSerializer.Serialize(data, MessageRow.Json), type) { EventId = id };
}
