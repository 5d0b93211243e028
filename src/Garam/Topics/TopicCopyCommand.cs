using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Messages;
using Garam.Records;

namespace Garam.Topics;

/// <summary><c>garam topic copy SOURCE TARGET</c>: what the source holds now, or the part of it that a query asks for, written to another topic.</summary>
internal static class TopicCopyCommand
{
    public static void AddTo(KafkaNoun noun)
    {
        var source = KafkaNames.Topic(noun.Connection, "what to copy", "SOURCE");
        var target = KafkaNames.Topic(noun.Connection, "an existing topic to write to", "TARGET");
        var range = new RecordRange();
        var keep = new Option<bool>("--keep-partitions") { Description = "write each record to the partition of the same number; by its key if left out" };
        var now = new Option<bool>("--new-timestamps") { Description = "copies carry the time of the copy; that of the record if left out" };
        var mark = new Option<bool>("--mark") { Description = $"each copy says in the header {CopyRequest.OriginHeader} which record it is of" };
        var change = new Change();
        var verb = noun.Verb("copy", "Copy records of a topic to another one", [source, target, .. range.Options, keep, now, mark, noun.Connection.AllowInternal], async (parsed, kafka, ct) =>
        {
            var request = new CopyRequest(range.Of(parsed, parsed.GetRequiredValue(source)), parsed.GetRequiredValue(target))
            {
                KeepPartitions = parsed.GetValue(keep),
                KeepTimestamps = !parsed.GetValue(now),
                MarkOrigin = parsed.GetValue(mark),
            };
            using var messages = new MessageOperations(kafka);
            var plan = await RunAsync(messages, request with { DryRun = true }, ct);
            if (plan is null || !change.IsApproved(parsed, $"copy {Words.Count(plan.Matched, "record")} of topic {request.Source.Topic} to topic {request.Target}"))
            {
                Output.PrintOne(noun.Format(parsed), plan, output => output.WriteLine($"{Words.Count(plan?.Matched ?? 0, "record")} of {plan?.Scanned ?? 0:N0} would be copied"));
                return ExitCode.Ok;
            }

            var copied = await RunAsync(messages, request, ct);
            Output.PrintOne(noun.Format(parsed), copied, output => output.WriteLine($"{Words.Count(copied?.Written ?? 0, "record")} copied"));
            return ExitCode.Ok;
        });
        change.AddTo(verb);
    }

    private static async Task<CopyProgress?> RunAsync(MessageOperations messages, CopyRequest request, CancellationToken ct)
    {
        CopyProgress? last = null;
        await foreach (var progress in messages.CopyAsync(request, ct))
            last = progress;
        return last;
    }
}
