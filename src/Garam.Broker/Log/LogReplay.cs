using System.Text.Json;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>Gives the records of an internal log, from its start, to those who keep their state in it.</summary>
internal static class LogReplay
{
    internal delegate void RecordAction(in Record record);

    /// <summary>
    /// Calls <paramref name="action"/> for every record, in order. For uncompressed logs (the broker's own) that are not yet appended to. What is damaged, or is not
    /// understood by the action, is skipped and returned: one bad bit must not hide everything else.
    /// </summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static IReadOnlyList<LogDamage> Replay(PartitionLog log, RecordAction action)
    {
        var damage = new List<LogDamage>();
        foreach (var segment in log.Segments)
        {
            var walk = new BatchWalk(segment.File, segment.Size, segment.BaseOffset);
            while (walk.MoveNext())
            {
                if (walk.IsDamage)
                {
                    damage.Add(new LogDamage(walk.NextOffset, $"{walk.Range.Length} damaged bytes at position {walk.Range.Position} of {segment.File.Path}"));
                }
                else
                {
                    ReplayBatch(walk.Batch, log.LogStartOffset, action, damage);
                }
            }
        }
        return damage;
    }

    private static void ReplayBatch(RecordBatch batch, long from, RecordAction action, List<LogDamage> damage)
    {
        for (var records = batch.ReadRecords(); records.TryRead(out var record);)
        {
            if (record.Offset < from)
            {
                continue;
            }
            try
            {
                action(record);
            }
            catch (Exception failure) when (failure is MalformedFrameException or JsonException)
            {
                damage.Add(new LogDamage(record.Offset, failure.Message));
            }
        }
    }
}
