using Garam.Broker.Log;
using Garam.Broker.Tests;
using Garam.Fuzz.Mutation;
using Garam.Kafka;
using Garam.Kafka.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Fuzz.Batches;

/// <summary>
/// Appends batches to partition logs of several settings. What is accepted is read back at once, judged by a strict reader, and must still be there
/// after the log has been closed and opened again.
/// </summary>
internal sealed class BatchTarget : IFuzzTarget
{
    private const int OneInputInBombs = 4_000;

    private static readonly LogConfig[] Settings =
    [
        new(),
        new() { TimestampType = TimestampType.LogAppendTime, SegmentBytes = 256 * 1024 },
        new() { CleanupPolicy = CleanupPolicy.Compact, SegmentBytes = 64 * 1024, MinCleanableDirtyRatio = 0.01 },
        new() { MaxMessageBytes = 2000, SegmentBytes = 16 * 1024, RetentionBytes = 256 * 1024, SegmentIndexBytes = 200 },
    ];

    private readonly Random _random;
    private readonly TestClock _time = new();
    private readonly string? _keep;
    private readonly string _directory = Directory.CreateTempSubdirectory("garam-fuzz-log-").FullName;
    private readonly BatchSeeds _seeds;
    private readonly ByteList _input = new();
    private LogManager _logs;
    private byte[] _read = new byte[64 * 1024];

    public BatchTarget(Random random, string? keep)
    {
        _random = random;
        _keep = keep;
        _seeds = new BatchSeeds(random, _time.GetUtcNow().ToUnixTimeMilliseconds());
        _logs = LogManager.Open(_directory, new LogManagerOptions(), NullLogger.Instance, _time, CancellationToken.None);
        for (var i = 0; i < Settings.Length; i++) _logs.Create(Partition(i), Guid.NewGuid(), Settings[i]);
        _logs.Start();
    }

    /// <summary>A bomb is decompressed up to the codec's limit, into buffers that double; they are pooled, but each was new once.</summary>
    public long MaxAllocation(int inputLength) => 400L << 20;

    /// <summary>The partition's number, then the batch.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        if (_random.Next(OneInputInBombs) == 0) _input.Set(_seeds.Bomb());
        else _seeds.Fill(_input);
        _input.Insert(0, 1)[0] = (byte)_random.Next(Settings.Length);
        if (_random.Next(500) == 0) _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 600)));
        return _input.Memory;
    }

    public string Take(ReadOnlySpan<byte> input)
    {
        var log = Log(input[0] % Settings.Length);
        var (batch, end) = (input[1..].ToArray(), log.LogEndOffset);
        var codec = batch.Length > RecordBatchHeader.Size ? (CompressionType)(batch[22] & 7) : CompressionType.None;
        var result = log.Append(batch, AppendOrigin.Client);
        if (result.Error != ErrorCode.None)
        {
            Require(log.LogEndOffset == end, "a refused batch has moved the end of the log");
            return $"refused: {result.Error}";
        }
        if (result.BaseOffset < end) return "known already";
        Require(result.BaseOffset == end && log.LogEndOffset == result.LastOffset + 1, "offsets");
        CheckKept(log, result.BaseOffset, batch);
        return $"accepted: {codec}";
    }

    /// <summary>Everything that is in the logs must be readable, and be the same after a restart.</summary>
    public void Finish()
    {
        _time.Advance(TimeSpan.FromMinutes(10));
        var before = Ends();
        Stop();
        _logs = LogManager.Open(_directory, new LogManagerOptions(), NullLogger.Instance, _time, CancellationToken.None);
        var after = Ends();
        Require(before.SequenceEqual(after), $"log ends {string.Join(' ', before)} became {string.Join(' ', after)} by a restart");
        for (var i = 0; i < Settings.Length; i++) Scan(Log(i), isCompacted: (Settings[i].CleanupPolicy & CleanupPolicy.Compact) != 0);
    }

    public void Dispose()
    {
        Stop();
        if (_keep is null)
        {
            Directory.Delete(_directory, recursive: true);
            return;
        }
        Directory.CreateDirectory(_keep);
        Directory.Move(_directory, Path.Combine(_keep, Path.GetFileName(_directory)));
    }

    private static TopicPartition Partition(int number) => new("fuzz", number);

    private PartitionLog Log(int number) => _logs.Find(Partition(number))!;

    private long[] Ends() => [.. Enumerable.Range(0, Settings.Length).Select(i => Log(i).LogEndOffset)];

    private void Stop() => _logs.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>The batch is served as it came, with its place in the log written over its first bytes.</summary>
    private void CheckKept(PartitionLog log, long offset, ReadOnlySpan<byte> batch)
    {
        var kept = Read(log, offset);
        Require(kept.Length >= batch.Length, "an accepted batch is not served");
        kept = kept[..batch.Length];
        StrictReader.Check(kept, offset);
        Require(kept[RecordBatchHeader.Size..].SequenceEqual(batch[RecordBatchHeader.Size..]), "records are not served as they came");
    }

    private void Scan(PartitionLog log, bool isCompacted)
    {
        var offset = log.LogStartOffset;
        while (offset < log.LogEndOffset)
        {
            var bytes = Read(log, offset);
            if (bytes.IsEmpty)
            {
                Require(isCompacted, $"nothing is read at {offset} of {log.LogEndOffset}");
                return;
            }
            while (RecordBatch.TryRead(bytes, out var batch))
            {
                if (!isCompacted) StrictReader.Check(batch.Bytes, batch.Header.BaseOffset);
                Require(batch.HasValidCrc && batch.Header.NextOffset > offset, "a batch in the log is damaged");
                offset = batch.Header.NextOffset;
                bytes = bytes[batch.Bytes.Length..];
            }
            Require(bytes.IsEmpty, "a read ends within a batch");
        }
    }

    private ReadOnlySpan<byte> Read(PartitionLog log, long offset)
    {
        var result = log.Read(offset, IsolationLevel.ReadUncommitted, _read);
        if (result.BytesNeeded > 0)
        {
            _read = new byte[result.BytesNeeded];
            result = log.Read(offset, IsolationLevel.ReadUncommitted, _read);
        }
        Require(result.Error == ErrorCode.None, $"reading answers {result.Error}");
        return _read.AsSpan(0, result.Bytes);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new BrokenPromiseException(what);
    }
}
