using System.Text;
using Garam.Broker.Log;
using Garam.Broker.Tests.Log;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>Starts a broker on what a power cut has left, and holds it to what was promised before.</summary>
internal sealed class PowerLossChecker(BrokerOnDisk broker, Promises promises)
{
    public void Check()
    {
        CheckTopics();
        foreach (var (name, topic) in promises.Topics)
        {
            if (broker.Find(name) is { } log)
            {
                CheckLog(name, topic, log);
            }
        }
        foreach (var (group, offset) in promises.CommittedOffsets)
        {
            broker.Groups.FetchOffsets(group, null).ShouldHaveSingleItem().Value!.Offset.ShouldBeGreaterThanOrEqualTo(offset, $"what {group} has committed");
        }
    }

    /// <summary>Producers send again what was not answered, and go on.</summary>
    public void GoOn(Action<Action<Promises>> promise, int run)
    {
        foreach (var name in promises.Topics.Keys.ToList())
        {
            if (broker.Find(name) is not { } log)
            {
                continue;
            }
            if (name == PowerLossWorkload.Safe)
            {
                SendAgain(promises.Topics[name], log, promise);
            }
            var record = new SentRecord("key 0", $"run {run} after the cut");
            var builder = new RecordBatchBuilder();
            builder.Add(1_000, Encoding.UTF8.GetBytes(record.Key), Encoding.UTF8.GetBytes(record.Value!));
            Append(name, log, new SentBatch(log.LogEndOffset, log.LeaderEpoch, builder.Build().ToArray(), [record]), promise);
        }
    }

    private void SendAgain(PromisedTopic topic, PartitionLog log, Action<Action<Promises>> promise)
    {
        if (topic.AcknowledgedBatch is { } acknowledged && acknowledged.BaseOffset >= log.LogStartOffset)
        {
            log.Append(acknowledged.Bytes.ToArray(), AppendOrigin.Client).BaseOffset.ShouldBe(acknowledged.BaseOffset, "a batch that comes again is recognised");
        }
        if (topic.BatchInFlight is not { } inFlight)
        {
            return;
        }
        if (log.LogEndOffset > inFlight.BaseOffset && log.EpochOf(inFlight.BaseOffset) == inFlight.Epoch)
        {
            log.Append(inFlight.Bytes.ToArray(), AppendOrigin.Client).BaseOffset.ShouldBe(inFlight.BaseOffset, "it was written before the cut");
        }
        else
        {
            Append(PowerLossWorkload.Safe, log, inFlight with { BaseOffset = log.LogEndOffset, Epoch = log.LeaderEpoch }, promise);
        }
    }

    private void Append(string name, PartitionLog log, SentBatch batch, Action<Action<Promises>> promise)
    {
        promise(all => all.Topics[name].Send(batch));
        var appended = log.Append(batch.Bytes.ToArray(), AppendOrigin.Client);
        appended.Error.ShouldBe(ErrorCode.None, appended.Fault?.Message);
        if (log.Config.FlushMessages == 1)
        {
            broker.WaitUntilCommitted(log, appended.LastOffset + 1).ShouldBe(ErrorCode.None);
            promise(all => all.Topics[name].Acknowledge(batch with { BaseOffset = appended.BaseOffset }));
        }
    }

    private void CheckTopics()
    {
        foreach (var (name, topic) in promises.Topics)
        {
            var there = broker.Topics.Find(name);
            if (topic.Id is { } id && !topic.IsGoing)
            {
                there.ShouldNotBeNull($"the topic {name} was acknowledged").Id.ShouldBe(id);
            }
            if (there is not null)
            {
                there.Config.Own.ShouldBe(topic.Configs);
            }
        }
        broker.Topics.All.Where(topic => !topic.IsInternal).Select(topic => topic.Name)
            .ShouldAllBe(name => promises.Topics.ContainsKey(name), "a deleted topic stays deleted");
    }

    private static void CheckLog(string name, PromisedTopic topic, PartitionLog log)
    {
        var seen = Read(log);
        CheckTimes(name, log);
        foreach (var record in seen)
        {
            topic.Sent.ShouldContainKey((record.Offset, record.Epoch), $"{name} serves what nobody sent");
            topic.Sent[(record.Offset, record.Epoch)].ShouldBe(record.Record, $"{name} serves something else at offset {record.Offset}");
        }
        if (log.Config.CleanupPolicy == CleanupPolicy.Compact)
        {
            CheckLatest(topic, seen);
            return;
        }
        seen.Select(record => record.Offset).ShouldBe(seen.Select((_, index) => log.LogStartOffset + index), $"{name} has no holes");
        log.LogStartOffset.ShouldBeGreaterThanOrEqualTo(topic.LogStart, $"{name}: deleted records stay deleted");
        if (log.Config.RetentionBytes < 0)
        {
            log.LogStartOffset.ShouldBeLessThanOrEqualTo(Math.Max(topic.LogStart, topic.LogStartAsked), $"{name}: only what was asked for is deleted");
        }
        foreach (var (offset, record) in topic.Acknowledged.Where(record => record.Key >= log.LogStartOffset))
        {
            var kept = seen.Find(candidate => candidate.Offset == offset);
            kept.Record.ShouldBe(record, $"{name}: offset {offset} was acknowledged");
        }
    }

    private static void CheckTimes(string name, PartitionLog log)
    {
        var records = Batches.ReadAll(log, log.LogStartOffset);
        foreach (var time in records.Select(record => record.Timestamp).Distinct())
        {
            var expected = records.Find(record => record.Timestamp >= time)!.Offset;
            log.FindOffsetByTimestamp(time, IsolationLevel.ReadUncommitted)!.Value.Offset.ShouldBe(expected, $"{name}: time {time}");
        }
    }

    private static void CheckLatest(PromisedTopic topic, List<(long Offset, int Epoch, SentRecord Record)> seen)
    {
        foreach (var acknowledged in topic.Acknowledged.GroupBy(record => record.Value.Key))
        {
            var (offset, newest) = acknowledged.MaxBy(record => record.Key);
            var latest = seen.LastOrDefault(record => record.Record.Key == newest.Key);
            if (latest.Record is null)
            {
                newest.Value.ShouldBeNull($"{newest.Key} is gone without having been deleted");
                continue;
            }
            latest.Offset.ShouldBeGreaterThanOrEqualTo(offset, $"{newest.Key}: an older value is back");
        }
    }

    private static List<(long Offset, int Epoch, SentRecord Record)> Read(PartitionLog log)
    {
        var seen = new List<(long, int, SentRecord)>();
        var buffer = new byte[16 * 1024];
        for (var offset = log.LogStartOffset; ;)
        {
            var read = log.Read(offset, IsolationLevel.ReadUncommitted, buffer);
            read.Error.ShouldBe(ErrorCode.None, $"{log.Name} at {offset}");
            if (read.Bytes == 0)
            {
                offset.ShouldBe(log.HighWatermark, $"{log.Name} is read to its end");
                return seen;
            }
            for (var bytes = (ReadOnlySpan<byte>)buffer.AsSpan(0, read.Bytes); !bytes.IsEmpty;)
            {
                RecordBatch.TryRead(bytes, out var batch).ShouldBeTrue($"{log.Name} serves a torn batch");
                batch.HasValidCrc.ShouldBeTrue($"{log.Name} serves a torn batch");
                for (var records = batch.ReadRecords(); records.TryRead(out var record);)
                {
                    if (record.Offset >= offset)
                    {
                        seen.Add((record.Offset, batch.Header.PartitionLeaderEpoch, new SentRecord(Encoding.UTF8.GetString(record.Key), record.HasValue ? Encoding.UTF8.GetString(record.Value) : null)));
                    }
                }
                offset = batch.Header.NextOffset;
                bytes = bytes[batch.Bytes.Length..];
            }
        }
    }
}
