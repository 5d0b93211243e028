using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Garam.Background.Tests;

public sealed class BackgroundWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly BackgroundWork _work;

    public BackgroundWorkTests() => _work = new BackgroundWork(NullLogger.Instance, _time);

    [Fact]
    public async Task Work_that_fails_is_a_problem_until_a_restart_succeeds()
    {
        var attempts = new BlockingCollection<int>();
        var attempt = 0;
        var running = _work.Run("the relay", async _ =>
        {
            attempts.Add(++attempt, CancellationToken.None);
            await Task.Yield();
            if (attempt < 3)
                throw new InvalidOperationException($"attempt {attempt}");
        }, OnFailure.Restart(TimeSpan.FromSeconds(1)));

        attempts.Take().ShouldBe(1);
        await UntilAsync(() => _work.Problems is [{ Failures: 1, IsStopped: false, Work: "the relay" }]);
        await AdvanceUntilAsync(() => _work.Problems is [{ Failures: 2 }]);
        _work.Problems.Single().Message.ShouldContain("2 failures since");
        await AdvanceUntilAsync(() => running.IsCompleted);
        await running;
        attempt.ShouldBe(3);
        _work.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Work_that_is_not_restarted_tells_its_owner_and_stays_a_problem()
    {
        var told = new TaskCompletionSource<Exception>();
        await _work.Run("the lane", _ => throw new InvalidOperationException("broken"), OnFailure.Stop(told.SetResult));
        (await told.Task).Message.ShouldBe("broken");
        _work.Problems.ShouldHaveSingleItem().IsStopped.ShouldBeTrue();
        _work.Problems.Single().Message.ShouldStartWith("the lane stopped: broken");
    }

    [Fact]
    public async Task Work_that_its_owner_runs_again_is_a_problem_until_a_run_succeeds()
    {
        var told = new TaskCompletionSource<Exception>();
        await _work.Run("the look", _ => throw new InvalidOperationException("broken"), OnFailure.EndRun(told.SetResult));
        (await told.Task).Message.ShouldBe("broken");
        _work.Problems.ShouldHaveSingleItem().IsStopped.ShouldBeFalse();
        await _work.Run("the look", _ => Task.CompletedTask, OnFailure.EndRun());
        _work.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_failure_that_a_loop_has_caught_itself_stays_a_problem()
    {
        _work.Failed("a timer of the broker", new InvalidOperationException("broken"), isStopped: true);
        _work.Problems.ShouldHaveSingleItem().Message.ShouldStartWith("a timer of the broker stopped: broken");
    }

    [Fact]
    public async Task Cancellation_ends_work_without_a_problem()
    {
        using var stopping = new CancellationTokenSource();
        var running = _work.Run("the relay", token => Task.Delay(Timeout.InfiniteTimeSpan, token), OnFailure.Restart(), stopping.Token);
        await stopping.CancelAsync();
        await running.WaitAsync(Patience);
        _work.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancellation_that_its_owner_did_not_ask_for_is_a_failure()
    {
        await _work.Run("the relay", _ => throw new OperationCanceledException(), OnFailure.Stop());
        _work.Problems.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_thread_that_throws_does_not_end_the_process()
    {
        _work.RunThread("the writer", () => throw new InvalidOperationException("disk full"), OnFailure.Stop()).Join(Patience).ShouldBeTrue();
        _work.Problems.ShouldHaveSingleItem().Failure.Message.ShouldBe("disk full");
    }

    [Fact]
    public void A_thread_does_not_run_in_the_context_of_its_caller()
    {
        var context = new AsyncLocal<string> { Value = "a request" };
        string? seen = "nothing";
        _work.RunThread("the writer", () => seen = context.Value, OnFailure.Stop()).Join(Patience).ShouldBeTrue();
        seen.ShouldBeNull();
    }

    [Fact]
    public void Failures_that_their_owner_catches_are_problems_until_it_has_recovered()
    {
        _work.Failed("the listener", new IOException("away"));
        _work.Failed("the listener", new IOException("still away"));
        _work.Problems.ShouldHaveSingleItem().Message.ShouldContain("2 failures since");
        _work.Recovered("the listener");
        _work.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void An_exception_whose_message_throws_is_a_problem_like_any_other()
    {
        _work.RunOnce("the handler", () => throw new Mute()).ShouldBeFalse();
        _work.Problems.ShouldHaveSingleItem().Message.ShouldContain(typeof(Mute).FullName!);
        ExceptionText.Full(new Mute()).ShouldContain(nameof(NotSupportedException));
    }

    [Fact]
    public void A_timer_whose_callback_throws_is_called_again()
    {
        var calls = 0;
        using var timer = _work.CreateTimer("retention", () =>
        {
            if (++calls == 1)
                throw new IOException("no space left");
        }, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        _time.Advance(TimeSpan.FromSeconds(1));
        _work.Problems.ShouldHaveSingleItem().Message.ShouldContain("1 failure since");
        _time.Advance(TimeSpan.FromSeconds(1));
        calls.ShouldBe(2);
        _work.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_queued_action_that_throws_is_a_problem()
    {
        _work.Queue("the response", () => throw new InvalidOperationException("x"));
        await UntilAsync(() => _work.Problems.Count == 1);
    }

    [Fact]
    public async Task A_task_that_nobody_awaits_is_observed()
    {
        var failing = Task.FromException(new InvalidOperationException("y"));
        _work.Observe("the connection", failing);
        _work.Observe("another", Task.CompletedTask);
        await UntilAsync(() => _work.Problems.Count == 1);
        _work.Problems.Single().ShouldSatisfyAllConditions(problem => problem.IsStopped.ShouldBeTrue(), problem => problem.Work.ShouldBe("the connection"));
    }

    [Fact]
    public void A_logger_that_throws_hides_no_problem()
    {
        var work = new BackgroundWork(new ThrowingLogger(), _time);
        work.RunOnce("the timer", () => throw new InvalidOperationException("z")).ShouldBeFalse();
        work.Problems.ShouldHaveSingleItem();
    }

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        });
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (!condition())
        {
            DateTime.UtcNow.ShouldBeLessThan(deadline, "the condition was not met within a minute");
            await Task.Yield();
        }
    }

    private sealed class ThrowingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("the log's disk is full");
    }

    private sealed class Mute : Exception
    {
        public override string Message => throw new NotSupportedException("no text");
    }
}
