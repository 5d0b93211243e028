using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Tests.Log;

public sealed class DurabilityTests : IAsyncLifetime
{
    private readonly LogFolder _folder = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task With_flush_messages_1_nothing_is_seen_before_it_is_synced()
    {
        _folder.Config = new LogConfig { FlushMessages = 1 };
        var log = _folder.Open();
        for (var index = 0; index < 50; index++)
        {
            var last = log.Append(Batches.Of($"{index}"), AppendOrigin.Client).LastOffset;
            (await CommitOf(log, last)).ShouldBe(ErrorCode.None);
            log.HighWatermark.ShouldBe(last + 1);
        }
    }

    [Fact]
    public async Task One_sync_answers_everybody_who_waits_for_it()
    {
        _folder.Config = new LogConfig { FlushMessages = 1 };
        var log = _folder.Open();
        var waiting = Enumerable.Range(0, 200).Select(index => CommitOf(log, log.Append(Batches.Of($"{index}"), AppendOrigin.Client).LastOffset)).ToList();
        (await Task.WhenAll(waiting)).ShouldAllBe(error => error == ErrorCode.None);
        log.HighWatermark.ShouldBe(200);
        Batches.ReadAll(log).Count.ShouldBe(200);
    }

    [Fact]
    public async Task With_flush_messages_n_every_nth_record_waits_for_a_sync()
    {
        _folder.Config = new LogConfig { FlushMessages = 3 };
        var log = _folder.Open();
        log.Append(Batches.Of("0"), AppendOrigin.Client);
        log.Append(Batches.Of("1"), AppendOrigin.Client);
        log.HighWatermark.ShouldBe(2, "fewer than three may be lost");
        (await CommitOf(log, log.Append(Batches.Of("2"), AppendOrigin.Client).LastOffset)).ShouldBe(ErrorCode.None);
        log.HighWatermark.ShouldBe(3);
    }

    [Fact]
    public void With_flush_ms_the_recovery_does_not_wait_for_long()
    {
        _folder.Config = new LogConfig { FlushMs = 500 };
        var log = _folder.Open();
        log.Append(Batches.Of("0"), AppendOrigin.Client);
        log.HighWatermark.ShouldBe(1, "acknowledgements do not wait for flush.ms");
        log.IsFlushed.ShouldBeFalse();
        _folder.Clock.Advance(TimeSpan.FromMilliseconds(500));
        SpinWait.SpinUntil(() => log.IsFlushed, TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_closed_log_says_so_to_those_who_wait_and_to_those_who_come()
    {
        _folder.Config = new LogConfig { FlushMessages = long.MaxValue };
        var log = _folder.Open();
        log.Append(Batches.Of("0"), AppendOrigin.Client);
        var commit = CommitOf(log, 5);
        var fetch = new Fetch();
        log.AddFetchWaiter(fetch, IsolationLevel.ReadUncommitted, 1).ShouldBeTrue();
        _folder.Manager.Delete(LogFolder.Partition);
        (await commit).ShouldBe(ErrorCode.NotLeaderOrFollower);
        fetch.Wakes.ShouldBe(1);
        log.Append(Batches.Of("1"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
        log.Read(0, IsolationLevel.ReadUncommitted, new byte[100]).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
        log.AddFetchWaiter(fetch, IsolationLevel.ReadUncommitted, 1).ShouldBeFalse();
        (await CommitOf(log, 5)).ShouldBe(ErrorCode.NotLeaderOrFollower);
    }

    [Fact]
    public void A_parked_fetch_is_woken_once_by_an_append()
    {
        var log = _folder.Open();
        var fetch = new Fetch();
        log.AddFetchWaiter(fetch, IsolationLevel.ReadUncommitted, 1).ShouldBeFalse("the watermark is not where the caller saw it");
        log.AddFetchWaiter(fetch, IsolationLevel.ReadUncommitted, 0).ShouldBeTrue();
        log.Append(Batches.Of("0"), AppendOrigin.Client);
        log.Append(Batches.Of("1"), AppendOrigin.Client);
        fetch.Wakes.ShouldBe(1);
        log.AddFetchWaiter(fetch, IsolationLevel.ReadUncommitted, 2).ShouldBeTrue();
        log.RemoveFetchWaiter(fetch);
        log.RemoveFetchWaiter(fetch);
        log.Append(Batches.Of("2"), AppendOrigin.Client);
        fetch.Wakes.ShouldBe(1);
    }

    [Fact]
    public void Thousands_of_fetches_park_leave_and_wake_in_any_order()
    {
        var log = _folder.Open();
        var fetches = Enumerable.Range(0, 5_000).Select(_ => new Fetch()).ToArray();
        foreach (var fetch in fetches)
        {
            log.AddFetchWaiter(fetch, IsolationLevel.ReadUncommitted, 0).ShouldBeTrue();
        }
        new Random(1).Shuffle(fetches);
        foreach (var fetch in fetches.AsSpan(0, 2_000))
        {
            log.RemoveFetchWaiter(fetch);
        }
        log.Append(Batches.Of("0"), AppendOrigin.Client);
        fetches[..2_000].ShouldAllBe(fetch => fetch.Wakes == 0);
        fetches[2_000..].ShouldAllBe(fetch => fetch.Wakes == 1);
    }

    [Fact]
    public void A_waiter_that_parks_again_while_its_neighbours_are_woken_is_woken_by_the_next_append()
    {
        var log = _folder.Open();
        var fetches = Enumerable.Range(0, 10).Select(_ => new Fetch { ParksAgain = true }).ToArray();
        foreach (var fetch in fetches)
        {
            log.AddFetchWaiter(fetch, IsolationLevel.ReadUncommitted, 0).ShouldBeTrue();
        }
        for (var index = 0; index < 5; index++)
        {
            log.Append(Batches.Of("x"), AppendOrigin.Client);
        }
        fetches.ShouldAllBe(fetch => fetch.Wakes == 5);
    }

    [Fact]
    public void A_disk_that_fails_takes_nothing_back_and_lets_nothing_in_behind_it()
    {
        _folder.Config = new LogConfig { SegmentBytes = 250 };
        var log = _folder.Open();
        log.Append(Batches.Of("a"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        var inTheWay = LogSegment.PathOf(_folder.PartitionPath, 1) + ".log";
        Directory.CreateDirectory(inTheWay); // the next segment cannot be made
        log.Append(Batches.Of(new string('b', 150)), AppendOrigin.Client).Error.ShouldBe(ErrorCode.KafkaStorageError);
        Batches.ReadAll(log).Select(record => record.Value).ShouldBe(["a"]);
        Directory.Delete(inTheWay);
        log.Append(Batches.Of(new string('c', 150)), AppendOrigin.Client).BaseOffset.ShouldBe(1, "it goes on when the disk does");
    }

    private static Task<ErrorCode> CommitOf(PartitionLog log, long lastOffset)
    {
        var waiter = new Commit();
        return log.IsCommitted(lastOffset + 1, waiter) ? Task.FromResult(ErrorCode.None) : waiter.Answer.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private sealed class Commit : CommitWaiter
    {
        public TaskCompletionSource<ErrorCode> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected internal override void Complete(ErrorCode error) => Answer.SetResult(error);
    }

    private sealed class Fetch : FetchWaiter
    {
        public int Wakes { get; private set; }

        public bool ParksAgain { get; init; }

        protected internal override void Wake(PartitionLog log)
        {
            Wakes++;
            if (ParksAgain && !log.IsClosed)
            {
                log.AddFetchWaiter(this, IsolationLevel.ReadUncommitted, log.HighWatermark).ShouldBeTrue();
            }
        }
    }
}
