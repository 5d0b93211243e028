using System.Globalization;
using Garam.Console.Http;
using Garam.Operations;
using Garam.Operations.Messages;
using Garam.Operations.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Messages;

/// <summary>Pages of the records of a topic.</summary>
internal static class MessagePages
{
    // Names of topics that a field offers: a list of ten thousand helps nobody.
    private const int MostOffered = 500;

    public static void MapMessagePages(this IEndpointRouteBuilder pages)
    {
        var topic = pages.MapGroup("/topics/{topic}");
        topic.MapGet("/messages", async (string topic, int? wait, TopicOperations topics, CancellationToken ct) =>
            new RazorComponentResult<MessagesPage>(new { Topic = topic, Partitions = await PartitionsAsync(topics, topic, ct), Wait = wait }));
        topic.MapGet("/produce", async (string topic, string? of, TopicOperations topics, MessageOperations messages, CancellationToken ct) =>
            new RazorComponentResult<ProducePage>(new { Topic = topic, Partitions = await PartitionsAsync(topics, topic, ct), Original = of is null ? null : await OriginalAsync(messages, topic, of, ct) }));
        topic.MapPost("/produce", ProduceAsync);
        topic.MapPost("/produce/command", CommandAsync).ChangesNothing();
        topic.MapGet("/copy", CopyPageAsync);
        topic.MapPost("/copy", CopyAsync);

        var record = topic.MapGroup("/{partition:int:min(0)}/{offset:long:min(0)}");
        record.MapGet("", RecordAsync);
        record.MapGet("/journey", JourneyAsync);
        record.MapGet("/next", (string topic, int partition, long offset, MessageOperations messages, CancellationToken ct) =>
            NeighbourAsync(messages, new BrowseRequest(topic) { Partitions = [partition], From = At(offset + 1), Limit = 1 }, new(topic, partition, offset), ct));
        record.MapGet("/previous", (string topic, int partition, long offset, MessageOperations messages, CancellationToken ct) =>
            NeighbourAsync(messages, new BrowseRequest(topic) { Partitions = [partition], Until = At(offset), Limit = 1, Order = BrowseOrder.Newest }, new(topic, partition, offset), ct));
    }

    /// <summary>The record that a form is about, which an address names as PARTITION:OFFSET and a form as TOPIC/PARTITION/OFFSET.</summary>
    /// <exception cref="OperationException">The text names none, or it is gone.</exception>
    public static async Task<StoredRecord> OriginalAsync(MessageOperations messages, string topic, string place, CancellationToken ct)
    {
        var parts = place.Split(':', '/');
        if (parts.Length < 2
            || !int.TryParse(parts[^2], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            throw new OperationException(FailureKind.Invalid, $"{place} is not the place of a record: write PARTITION:OFFSET.");
        return await messages.ReadAsync(topic, partition, offset, ct)
            ?? throw new OperationException(FailureKind.NotFound, $"there is no record at {topic}/{partition}/{offset} (any more).");
    }

    private static async Task<IResult> RecordAsync(string topic, int partition, long offset, string? form, bool? full, bool? part, MessageOperations messages, CancellationToken ct)
    {
        var shown = new { Place = new StoredPlace(topic, partition, offset), Record = await messages.ReadAsync(topic, partition, offset, ct), Form = form, Full = full is true };
        var status = shown.Record is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return part is true ? new RazorComponentResult<RecordView>(shown) { StatusCode = status } : new RazorComponentResult<RecordPage>(shown) { StatusCode = status };
    }

    private static async Task<IResult> JourneyAsync(string topic, int partition, long offset, bool? part, MessageOperations messages, CancellationToken ct)
    {
        var record = await OriginalAsync(messages, topic, $"{partition}:{offset}", ct);
        var steps = new List<JourneyStep>();
        await foreach (var step in messages.JourneyAsync(record, ct))
            steps.Add(step);
        return part is true ? new RazorComponentResult<JourneyView>(new { Steps = steps }) : new RazorComponentResult<JourneyPage>(new { record.Place, Steps = steps });
    }

    // A record before or after another one may be any number of offsets away: compaction and transactions leave gaps.
    private static async Task<IResult> NeighbourAsync(MessageOperations messages, BrowseRequest request, StoredPlace here, CancellationToken ct)
    {
        await foreach (var said in messages.BrowseAsync(request, ct))
        {
            if (said is BrowseEvent.Rows { Records: [var record, ..] })
                return Results.Redirect(RecordAddress.Of(record.Place));
        }

        return Results.Redirect(RecordAddress.Of(here) + "?edge=true");
    }

    private static async Task<IResult> ProduceAsync(string topic, HttpContext context, TopicOperations topics, MessageOperations messages, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var original = form["of"].ToString() is { Length: > 0 } of ? await OriginalAsync(messages, topic, of, ct) : null;
        var partitions = await PartitionsAsync(topics, topic, ct);
        try
        {
            ProduceForm.EnsureConfirmed(form, original);
            return Results.Redirect(RecordAddress.Of(await messages.ProduceAsync(ProduceForm.Of(form, original).ToRecord(topic), ct)));
        }
        catch (OperationException failure)
        {
            var shown = new { Topic = topic, Partitions = partitions, Original = original, Failure = failure };
            return new RazorComponentResult<ProducePage>(shown) { StatusCode = Failures.StatusOf(failure.Kind) };
        }
    }

    private static async Task<IResult> CommandAsync(string topic, HttpContext context, MessageOperations messages, ConsoleOptions options, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var original = form["of"].ToString() is { Length: > 0 } of ? await OriginalAsync(messages, topic, of, ct) : null;
        return CommandText.Answer(ProduceForm.Of(form, original).Command(topic), options);
    }

    private static async Task<int> PartitionsAsync(TopicOperations topics, string topic, CancellationToken ct) =>
        (await topics.DescribeAsync([topic], ct))[0].Partitions.Count;

    private static async Task<IResult> CopyPageAsync(string topic, string of, string? to, MessageOperations messages, TopicOperations topics, CancellationToken ct)
    {
        var record = await OriginalAsync(messages, topic, of, ct);
        var others = (await topics.ListAsync(ct)).Where(other => !other.Internal && other.Name != topic).Select(other => other.Name).Take(MostOffered);
        return new RazorComponentResult<CopyPage>(new { Record = record, Topics = others.ToList(), To = to });
    }

    private static async Task<IResult> CopyAsync(string topic, HttpContext context, MessageOperations messages, TopicOperations topics, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var record = await OriginalAsync(messages, topic, form["of"].ToString(), ct);
        var target = form["to"].ToString();
        if (target.Length == 0)
            throw new OperationException(FailureKind.Invalid, "nothing was copied: name the topic to copy to.");
        await topics.EnsureExistsAsync(target, create: false, ct);
        var place = await messages.ProduceAsync(new NewRecord(target, record.Key, record.Value) { Headers = record.Headers, TimestampMs = record.TimestampMs }, ct);
        return Results.Redirect(RecordAddress.Of(place));
    }

    private static StartOffset At(long offset) => StartOffset.Parse(offset.ToString(CultureInfo.InvariantCulture));
}
