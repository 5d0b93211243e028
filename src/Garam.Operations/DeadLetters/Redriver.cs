using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Confluent.Kafka;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>
/// Sends the letters of a plan, a batch at a time:
/// <code>
///   look for markers of others ──► send the batch ──► acknowledged ──► write its markers ──► acknowledged ──► next batch
///                                                  ▲                ▲
///                                 a crash here: the letters are sent again; nothing is lost
/// </code>
/// </summary>
/// <param name="kafka">Which Kafka.</param>
/// <param name="time">What paces it, and dates the markers.</param>
/// <param name="write">Completes when the record is acknowledged; calls that follow each other are written in their order.</param>
/// <param name="plan">What to send.</param>
internal sealed class Redriver(KafkaConnection kafka, TimeProvider time, Func<NewRecord, CancellationToken, Task<StoredPlace>> write, RedrivePlan plan)
{
    private long _redriven;
    private long _skipped;

    public async IAsyncEnumerable<RedriveProgress> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var (partition, letters) in plan.Letters.OrderBy(letters => letters.Key))
        {
            var source = new TopicPartition(plan.Topic, partition);
            var watch = new MarkerWatch(kafka, time, source, letters.End);
            var before = (_redriven, _skipped);
            await foreach (var batch in new LetterBatches(kafka, time, source, letters.Offsets, plan.RatePerSecond).ReadAsync(ct))
            {
                ct.ThrowIfCancellationRequested();
                var started = time.GetTimestamp();
                await watch.LookAsync(ct);
                var open = batch.Where(letter => !watch.Redriven.Contains(letter.Record.Offset)).ToList();
                _skipped += batch.Count - open.Count;
                var sent = await SendAsync(open);
                watch.CountOurs(sent.Count);
                yield return Progress(sent);
                await PaceAsync(started, sent.Count, ct);
            }

            // What was not there any more: retention was quicker.
            _skipped = before._skipped + letters.Offsets.Count - (_redriven - before._redriven);
        }

        yield return Progress([]) with { Done = true };
    }

    /// <summary>Not cancelled: a batch that is on its way is awaited and marked, whatever the caller wants by now.</summary>
    private async Task<IReadOnlyList<RedrivenLetter>> SendAsync(IReadOnlyList<DeadLetter> letters)
    {
        var records = await AwaitAllAsync(letters.Select(letter => write(RecordOf(letter), CancellationToken.None)));
        var sent = letters.Zip(records).Where(pair => pair.Second.IsCompletedSuccessfully).Select(pair => new RedrivenLetter(pair.First.Record.Place, pair.Second.Result)).ToList();
        var marks = await AwaitAllAsync(sent.Select(letter => write(MarkerOf(letter), CancellationToken.None)));
        _redriven += sent.Count;
        if (marks.FirstOrDefault(mark => !mark.IsCompletedSuccessfully) is { } unmarked)
            throw Failure(unmarked, $"{marks.Count(mark => !mark.IsCompletedSuccessfully)} of the letters that were sent could not be marked, and a next re-drive would send them again");
        if (records.FirstOrDefault(record => !record.IsCompletedSuccessfully) is { } refused)
            throw Failure(refused, $"the letter {letters[records.IndexOf(refused)].Record.Place} was not sent");
        return sent;
    }

    private static async Task<List<Task<StoredPlace>>> AwaitAllAsync(IEnumerable<Task<StoredPlace>> writes)
    {
        var all = writes.ToList();
        await ((Task)Task.WhenAll(all)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return all;
    }

    private NewRecord RecordOf(DeadLetter letter)
    {
        var topic = plan.To ?? letter.SourceTopic!;
        var (key, value, headers) = plan.Edit is { } edit ? (edit.Key, edit.Value, edit.Headers) : (letter.Record.Key, letter.Record.Value, letter.OwnHeaders);
        return new NewRecord(topic, key, value)
        {
            Partition = LetterEdit.SameBytes(key, letter.Record.Key) ? plan.TargetSet!.Partition(topic, letter.SourcePartition) : null,
            Headers = [.. headers, .. Provenance(letter)],
        };
    }

    private static IEnumerable<RecordHeader> Provenance(DeadLetter letter)
    {
        yield return RecordHeader.Text(RedriveHeaders.From, letter.Record.Place.ToHeader());
        yield return RecordHeader.Text(RedriveHeaders.Count, Number(Math.Min(letter.Redrives, int.MaxValue - 1) + 1));
        if ((letter.Record.Header(RedriveHeaders.Timestamp) ?? (letter.Record.TimestampMs is { } time ? Number(time) : null)) is { } first)
            yield return RecordHeader.Text(RedriveHeaders.Timestamp, first);
    }

    // The key keeps the marker apart from every letter, also where the topic is compacted, which takes no record without one.
    private NewRecord MarkerOf(RedrivenLetter letter)
    {
        var of = $"{Number(letter.Letter.Partition)}:{Number(letter.Letter.Offset)}";
        return new NewRecord(letter.Letter.Topic, Encoding.UTF8.GetBytes($"{RedriveHeaders.Of}={of}"), null)
        {
            Partition = letter.Letter.Partition,
            Headers =
            [
                RecordHeader.Text(RedriveHeaders.Of, of),
                RecordHeader.Text(RedriveHeaders.To, letter.To.ToHeader()),
                RecordHeader.Text(RedriveHeaders.At, time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ],
        };
    }

    private async Task PaceAsync(long started, int sent, CancellationToken ct)
    {
        if (plan.RatePerSecond is { } rate && TimeSpan.FromSeconds(sent / rate) - time.GetElapsedTime(started) is { } rest && rest > TimeSpan.Zero && _redriven + _skipped < plan.Count)
            await Task.Delay(rest, time, ct);
    }

    private OperationException Failure(Task<StoredPlace> failed, string what)
    {
        var cause = failed.Exception?.InnerException;
        return new OperationException(
            (cause as OperationException)?.Kind ?? FailureKind.Failed, $"{Number(_redriven)} of {Words.Count(plan.Count, "letter was", "letters were")} sent back, then {what}: {cause?.Message}", cause);
    }

    private RedriveProgress Progress(IReadOnlyList<RedrivenLetter> sent) => new(_redriven, _skipped, plan.Count, sent, Done: false);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
