using Garam.Background;
using Garam.Broker.Log;
using Garam.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests.Log;

public sealed class FlushThreadTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LogFolder _folder = new() { Config = new LogConfig { FlushMessages = 1 } };

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public void Several_items_are_worked_on_at_the_same_time()
    {
        using var together = new Barrier(4);
        var met = 0;
        using (var queue = new ThreadedQueue<int>("test", _ => { if (together.SignalAndWait(Patience)) Interlocked.Increment(ref met); }, 4, new BackgroundWork(NullLogger.Instance)))
        {
            for (var item = 0; item < 8; item++) queue.Enqueue(item);
        }
        met.ShouldBe(8);
    }

    [Fact]
    public void An_item_that_fails_is_a_problem_and_the_others_are_done()
    {
        var background = new BackgroundWork(NullLogger.Instance);
        var done = 0;
        using (var queue = new ThreadedQueue<int>("flushing", item => { if (item == 1) throw new InvalidOperationException("bad item"); Interlocked.Increment(ref done); }, 2, background))
        {
            for (var item = 0; item < 5; item++) queue.Enqueue(item);
        }
        done.ShouldBe(4);
        background.Problems.ShouldHaveSingleItem().Work.ShouldBe("flushing");
    }

    [Fact]
    public void A_slow_answer_does_not_delay_the_sync_of_another_partition()
    {
        var slow = _folder.Open();
        var other = _folder.Manager.Create(new TopicPartition("other", 0), Guid.NewGuid(), _folder.Config);
        using var answering = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var answered = new ManualResetEventSlim();
        slow.IsCommitted(Append(slow), new Waiter(() => { answering.Set(); release.Wait(Patience); })).ShouldBeFalse();
        answering.Wait(Patience).ShouldBeTrue();
        for (var i = 0; i < 3; i++)
        {
            answered.Reset();
            if (!other.IsCommitted(Append(other), new Waiter(answered.Set))) answered.Wait(Patience).ShouldBeTrue();
        }
        release.Set();
    }

    private static long Append(PartitionLog log) => log.Append(Batches.Of("x"), AppendOrigin.Client).LastOffset + 1;

    private sealed class Waiter(Action complete) : CommitWaiter
    {
        protected internal override void Complete(ErrorCode error) => complete();
    }
}
