using System.Text;
using Garam.Console.Languages;
using Garam.Messaging.Producing;
using Garam.Operations;
using Garam.Operations.Messages;
using Garam.Operations.Queries;
using Garam.Operations.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Garam.Console.Messages;

/// <summary>Records over HTTP: browsed and followed as server-sent events, read and written as the lines of JSON that the command line knows.</summary>
internal static class MessageApi
{
    /// <summary>Topics that one tail follows at most.</summary>
    private const int MostTopics = 50;

    public static void MapMessageApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/topics/{topic}/messages", Browse).WithName("browseMessages").WithSummary("Records of a topic as server-sent events: rows, progress, done");
        api.MapGet("/topics/{topic}/messages/export", Export).WithName("exportMessages").WithSummary("What a browse finds as a file (?format=ndjson or csv), up to 100,000 records; the last line says where it was cut short");
        api.MapPost("/topics/{topic}/messages", ProduceAsync).WithName("produceMessage").WithSummary("Write a record, as a line of `garam consume -o ndjson` has it");
        api.MapGet("/tail", Tail).WithName("tailTopics").WithSummary("Follow topics (?topic=...) as server-sent events; Last-Event-ID goes on where another tail was");
        var record = api.MapGroup("/topics/{topic}/{partition:int:min(0)}/{offset:long:min(0)}");
        record.MapGet("", async (string topic, int partition, long offset, MessageOperations messages, CancellationToken ct) =>
            Results.Text(RecordLine.From(await ReadAsync(messages, new(topic, partition, offset), ct)).ToString(), "application/json", Encoding.UTF8))
            .WithName("getMessage").WithSummary("One record, as a line of `garam consume -o ndjson`");
        record.MapGet("/value", async (string topic, int partition, long offset, MessageOperations messages, CancellationToken ct) =>
            Download((await ReadAsync(messages, new(topic, partition, offset), ct)).Value, $"{topic}-{partition}-{offset}.value"))
            .WithName("getMessageValue").WithSummary("The bytes of a record's value");
        record.MapGet("/key", async (string topic, int partition, long offset, MessageOperations messages, CancellationToken ct) =>
            Download((await ReadAsync(messages, new(topic, partition, offset), ct)).Key, $"{topic}-{partition}-{offset}.key"))
            .WithName("getMessageKey").WithSummary("The bytes of a record's key");
    }

    private static IResult Browse(string topic, HttpRequest request, MessageOperations messages, TimeProvider time, CancellationToken ct)
    {
        try
        {
            var browse = MessageView.Of(topic, name => request.Query[name]).ToRequest(time);
            return TypedResults.ServerSentEvents(MessageStream.Of(messages.BrowseAsync(browse, ct), Language.Of(request), ct));
        }
        catch (FormatException mistake)
        {
            return Mistaken(mistake, request);
        }
    }

    private static async Task<IResult> Export(string topic, string? format, HttpRequest request, MessageOperations messages, TopicOperations topics, TimeProvider time, CancellationToken ct)
    {
        if (format is not ("ndjson" or "csv"))
            return Results.Problem("say in which format: ?format=ndjson or ?format=csv.", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            var browse = MessageView.Of(topic, name => request.Query[name]).ToRequest(time) with { Limit = MessageExport.MostRecords, Cursor = null };
            await topics.DescribeAsync([topic], ct);        // a topic that does not exist is an error, not a file
            return new MessageExport(topic, format == "csv", browse, messages);
        }
        catch (FormatException mistake)
        {
            return Mistaken(mistake, request);
        }
    }

    private static IResult Tail(HttpRequest request, MessageOperations messages, TimeProvider time, CancellationToken ct)
    {
        var topics = request.Query["topic"];
        if (topics.Count is 0 or > MostTopics)
            return Results.Problem($"name the topics to follow: ?topic=NAME, {MostTopics} at most.", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            var tail = new TailRequest([.. topics.OfType<string>()])
            {
                Query = MessageView.Of("", name => request.Query[name]).ToQuery(time),
                Cursor = request.Headers["Last-Event-ID"] is { Count: > 0 } position ? position.ToString() : null,
            };
            return TypedResults.ServerSentEvents(MessageStream.Of(messages.TailAsync(tail, ct), Language.Of(request), ct));
        }
        catch (FormatException mistake)
        {
            return Mistaken(mistake, request);
        }
    }

    private static async Task<IResult> ProduceAsync(string topic, HttpRequest request, MessageOperations messages, TopicOperations topics, CancellationToken ct)
    {
        RecordLine line;
        try
        {
            line = RecordLine.Parse(await new StreamReader(request.Body, Encoding.UTF8).ReadToEndAsync(ct));
        }
        catch (FormatException mistake)
        {
            return Mistaken(mistake, request);
        }

        await topics.EnsureExistsAsync(topic, create: false, ct);
        var place = await messages.ProduceAsync(RecordOf(topic, line), ct);
        return Results.Json(new { place.Topic, place.Partition, Offset = place.Offset }, MessageRow.Json, statusCode: StatusCodes.Status201Created);
    }

    private static NewRecord RecordOf(string topic, RecordLine line)
    {
        var message = line.ToMessage();
        return new NewRecord(topic, message.Key, message.Value)
        {
            Headers = [.. message.Headers.Select(header => new RecordHeader(header.Key, RecordBytes.OrNull(header.GetValueBytes())))],
            TimestampMs = line.Timestamp,
        };
    }

    private static async Task<StoredRecord> ReadAsync(MessageOperations messages, StoredPlace place, CancellationToken ct) =>
        await messages.ReadAsync(place.Topic, place.Partition, place.Offset, ct)
        ?? throw new OperationException(FailureKind.NotFound, $"there is no record at {place} (any more).");

    // A file, whatever is in it: a browser must not show it as a page of ours.
    private static IResult Download(byte[]? bytes, string name) => bytes is null
        ? throw new OperationException(FailureKind.NotFound, "there are no bytes: it is null.")
        : Results.Bytes(bytes, "application/octet-stream", name);

    private static IResult Mistaken(FormatException mistake, HttpRequest request) => Results.Problem(
        Language.Of(request).Sentence(mistake.Message),
        statusCode: StatusCodes.Status400BadRequest,
        extensions: mistake is QuerySyntaxException syntax ? new Dictionary<string, object?> { ["column"] = syntax.Column } : null);
}
