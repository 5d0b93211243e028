using Garam.Background;
using Garam.Broker.Timers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests.Timers;

public sealed class TimerQueueTests
{
    [Fact]
    public void Callbacks_come_in_the_order_of_their_deadlines_and_not_before_them()
    {
        var time = new TestClock();
        using var timers = new TimerQueue(time);
        var fired = new List<string>();
        timers.Schedule(TimeSpan.FromMilliseconds(30), name => fired.Add((string)name!), "late");
        timers.Schedule(TimeSpan.FromMilliseconds(10), name => fired.Add((string)name!), "early");
        time.Advance(TimeSpan.FromMilliseconds(9));
        fired.ShouldBeEmpty();
        time.Advance(TimeSpan.FromMilliseconds(1));
        fired.ShouldBe(["early"]);
        time.Advance(TimeSpan.FromMilliseconds(20));
        fired.ShouldBe(["early", "late"]);
    }

    [Fact]
    public void A_callback_that_throws_is_a_problem_and_neither_ends_the_process_nor_keeps_the_others_from_running()
    {
        var time = new TestClock();
        var background = new BackgroundWork(NullLogger.Instance, time);
        using var timers = new TimerQueue(time, background);
        var fired = 0;
        timers.Schedule(TimeSpan.FromMilliseconds(10), _ => throw new InvalidOperationException("a bug in a callback"), null);
        timers.Schedule(TimeSpan.FromMilliseconds(10), _ => fired++, null);
        timers.Schedule(TimeSpan.FromMilliseconds(20), _ => fired++, null);
        time.Advance(TimeSpan.FromMilliseconds(20));
        fired.ShouldBe(2);
        var problem = background.Problems.ShouldHaveSingleItem();
        problem.Work.ShouldBe($"a timer of {nameof(TimerQueueTests)}");
        problem.Message.ShouldContain("a bug in a callback");
    }

    [Fact]
    public void A_cancelled_deadline_never_fires_and_one_that_fired_cannot_be_cancelled()
    {
        var time = new TestClock();
        using var timers = new TimerQueue(time);
        var fired = 0;
        var entries = Enumerable.Range(0, 1000).Select(i => timers.Schedule(TimeSpan.FromMilliseconds(i + 1), _ => fired++, null)).ToArray();
        foreach (var entry in entries.Where((_, i) => i % 10 != 0)) entry.Cancel().ShouldBeTrue();
        time.Advance(TimeSpan.FromSeconds(2));
        fired.ShouldBe(100);
        entries[0].Cancel().ShouldBeFalse();
    }

    [Fact]
    public void A_callback_may_schedule_the_next_one()
    {
        var time = new TestClock();
        using var timers = new TimerQueue(time);
        var fired = 0;
        void Again(object? _)
        {
            if (++fired < 3) timers.Schedule(TimeSpan.FromMilliseconds(10), Again, null);
        }
        timers.Schedule(TimeSpan.FromMilliseconds(10), Again, null);
        for (var i = 0; i < 10; i++) time.Advance(TimeSpan.FromMilliseconds(10));
        fired.ShouldBe(3);
    }

    [Fact]
    public void Nothing_fires_after_disposal()
    {
        var time = new TestClock();
        var timers = new TimerQueue(time);
        var fired = 0;
        timers.Schedule(TimeSpan.FromMilliseconds(10), _ => fired++, null);
        timers.Dispose();
        timers.Schedule(TimeSpan.FromMilliseconds(10), _ => fired++, null);
        time.Advance(TimeSpan.FromSeconds(1));
        fired.ShouldBe(0);
    }
}
