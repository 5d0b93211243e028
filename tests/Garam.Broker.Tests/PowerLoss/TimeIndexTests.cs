using Garam.Broker.Log;
using Garam.Broker.Tests.Log;
using Garam.Broker.Topics;
using Garam.Kafka;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>
/// Lookups by time, and retention, rely on the last entry of a closed segment's time index being its greatest timestamp. Whatever happens to the index files, the
/// batches decide.
/// </summary>
public sealed class TimeIndexTests
{
    private const string Directory = BrokerOnDisk.Path + "/times-0";
    private const int BatchesInAll = 250;

    private readonly TestClock _clock = new();
    private readonly SimulatedDisk _disk = new(new DirectoryNode { Entries = { ["data"] = new DirectoryNode() } });
    private readonly List<long> _times = [];

    public static TheoryData<Order> Orders => [.. Enum.GetValues<Order>()];

    public enum Order
    {
        Increasing,
        Shuffled,

        /// <summary>One record near the beginning of each segment is later than all others.</summary>
        EarlyMaximum,
    }

    [Theory, MemberData(nameof(Orders))]
    public void Segments_recovered_after_an_unclean_stop_keep_their_greatest_timestamp_at_the_next_start(Order order)
    {
        var broker = Start(order);
        broker.Kill(); // nothing was checkpointed: all segments are recovered
        broker = Restart();
        ShouldFindEveryTime(broker);
        broker.Stop();
        ShouldFindEveryTime(Restart());
    }

    [Theory, MemberData(nameof(Orders))]
    public void Segments_whose_indexes_were_rebuilt_keep_their_greatest_timestamp_at_the_next_start(Order order)
    {
        Start(order).Stop();
        DamageIndexes(_disk.Delete);
        var broker = Restart();
        ShouldFindEveryTime(broker);
        broker.Stop();
        ShouldFindEveryTime(Restart());
    }

    [Theory, MemberData(nameof(Orders))]
    public void An_index_that_was_never_sealed_is_completed_when_it_is_loaded(Order order)
    {
        Start(order).Stop();
        var sealedIndexes = ClosedTimeIndexes().ToDictionary(path => path, _disk.ReadAll);
        foreach (var (path, bytes) in sealedIndexes)
        {
            Shorten(path, bytes.Length - TimeIndex.EntrySize);
        }
        var broker = Restart();
        ShouldFindEveryTime(broker);
        broker.Stop();
        foreach (var (path, bytes) in sealedIndexes)
        {
            _disk.ReadAll(path)[^TimeIndex.EntrySize..].ShouldBe(bytes[^TimeIndex.EntrySize..], path);
        }
    }

    [Fact]
    public void A_segment_that_is_closed_right_after_a_checkpoint_gets_the_last_entry_of_its_time_index()
    {
        var broker = Start(Order.Increasing, batches: 0);
        var log = broker.Find("times")!;
        while (log.Segments.Length == 1)
        {
            log.Checkpoint();
            Append(log, 1_000 + _times.Count);
        }
        log.Checkpoint();
        broker.Stop();
        var last = _times.Count - 2; // the last record opened the second segment
        var index = new TimeIndex(_disk, ClosedTimeIndexes().ShouldHaveSingleItem(), 0);
        index.TryLoad(int.MaxValue).ShouldBeTrue();
        index.Last.ShouldBe((_times[last], last));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Damaged_indexes_change_no_answer(int seed)
    {
        var random = new Random(seed);
        foreach (var order in Enum.GetValues<Order>())
        {
            foreach (var damage in Damages(random))
            {
                _times.Clear();
                Start(order).Kill();
                var broker = Restart();
                broker.Find("times")!.Checkpoint();
                broker.Logs.WriteCheckpoints(); // below the recovery point, indexes are taken as they are
                broker.Kill();
                DamageIndexes(damage);
                broker = Restart();
                ShouldFindEveryTime(broker);
                broker.Stop();
                ShouldFindEveryTime(broker = Restart());
                broker.Wait(broker.Topics.DeleteAsync(broker.Topics.Find("times")!, CancellationToken.None).AsTask());
                broker.Stop();
            }
        }
    }

    private Action<string>[] Damages(Random random) =>
    [
        path => Shorten(path, (int)random.NextInt64(_disk.LengthOf(path) / 24 + 1) * 24), // both kinds of entry divide this
        path => Shorten(path, (int)random.NextInt64(_disk.LengthOf(path) + 1)),
        path => Overwrite(path, new byte[_disk.LengthOf(path)]),
        path => Overwrite(path, RandomBytes(random, (int)_disk.LengthOf(path))),
        path => { Shorten(path, TimeIndex.EntrySize * OffsetIndex.EntrySize / 4); Overwrite(path, RandomBytes(random, (int)_disk.LengthOf(path))); },
        path => { Shorten(path, TimeIndex.EntrySize); Overwrite(path, [0, .. RandomBytes(random, 7), 0, 0, 0, 1]); },
    ];

    private BrokerOnDisk Start(Order order, int batches = BatchesInAll)
    {
        var broker = Restart();
        var topic = new NewTopic("times", 1, new Dictionary<string, string>
        {
            ["segment.bytes"] = "12000", ["index.interval.bytes"] = "300", ["retention.ms"] = "-1", ["flush.messages"] = $"{long.MaxValue}",
        });
        broker.Wait(broker.Topics.CreateAsync(topic, validateOnly: false, CancellationToken.None).AsTask()).Error.ShouldBe(ErrorCode.None);
        var log = broker.Find("times")!;
        var random = new Random(17);
        for (var batch = 0; batch < batches; batch++)
        {
            Append(log, order switch
            {
                Order.Increasing => 1_000 + batch * 10,
                Order.Shuffled => 1_000 + batch * 10 + random.Next(-300, 300),
                _ => 1_000 + batch * 10 + (batch % 60 == 3 ? 50_000 : 0),
            });
        }
        return broker;
    }

    private void Append(PartitionLog log, long time)
    {
        log.Append(Batches.Of(time, $"value {_times.Count} {new string('.', 100)}"), AppendOrigin.Broker).Error.ShouldBe(ErrorCode.None);
        _times.Add(time);
    }

    private BrokerOnDisk Restart() => BrokerOnDisk.Start(_disk, _clock);

    private void ShouldFindEveryTime(BrokerOnDisk broker)
    {
        var log = broker.Find("times")!;
        log.LogEndOffset.ShouldBe(_times.Count);
        log.Segments.Length.ShouldBeGreaterThan(3);
        for (var index = 0; index < log.Segments.Length; index++)
        {
            var (from, end) = (log.Segments[index].BaseOffset, index + 1 < log.Segments.Length ? log.Segments[index + 1].BaseOffset : _times.Count);
            log.Segments[index].MaxTimestamp.ShouldBe(_times[(int)from..(int)end].Max(), $"the segment at {from}");
        }
        foreach (var time in _times.Append(_times.Min() - 1).Append(_times.Max() + 1))
        {
            var expected = _times.FindIndex(candidate => candidate >= time);
            (log.FindOffsetByTimestamp(time, IsolationLevel.ReadUncommitted)?.Offset ?? -1).ShouldBe(expected, $"time {time}");
        }
        log.FindMaxTimestamp()!.Value.Offset.ShouldBe(_times.IndexOf(_times.Max()));
    }

    private IEnumerable<string> ClosedTimeIndexes() => _disk.Files(Directory, LogSegment.TimeIndexExtension).Order(StringComparer.Ordinal).SkipLast(1);

    private void DamageIndexes(Action<string> damage)
    {
        var indexes = _disk.Files(Directory, LogSegment.TimeIndexExtension).Concat(_disk.Files(Directory, LogSegment.IndexExtension)).ToList();
        indexes.Count.ShouldBeGreaterThan(6);
        indexes.ForEach(damage);
    }

    private void Shorten(string path, int length)
    {
        using var file = _disk.Open(path);
        file.SetLength(Math.Min(length, _disk.LengthOf(path)));
    }

    private void Overwrite(string path, byte[] bytes)
    {
        using var file = _disk.Open(path);
        file.Write(bytes, 0);
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
