using Garam.Messaging.Failures;

namespace Garam.Messaging.Tests.Failures;

public sealed class FailurePolicyTests
{
    private static readonly Exception Bad = new InvalidDataException("bad record");
    private static readonly Exception Away = new TimeoutException("database");
    private static readonly Exception Undecodable = new UndecodableRecordException("no JSON");
    private static readonly Exception Never = new ArgumentException("never retried");

    /// <summary>Exception, failures before (transient, of the record), dead letters; then what follows and after how many seconds.</summary>
    public static TheoryData<string, int, int, bool, string, int> Table => new()
    {
        { "bad", 0, 0, true, "Retry", 1 },
        { "bad", 0, 1, true, "Retry", 2 },
        { "bad", 0, 2, true, "DeadLetter", 0 },
        { "bad", 0, 2, false, "Hold", 0 },
        { "bad", 9, 0, true, "Retry", 1 },
        { "away", 0, 0, true, "Retry", 10 },
        { "away", 1, 2, true, "Retry", 20 },
        { "away", 1_000, 2, false, "Retry", 20 },
        { "undecodable", 0, 0, true, "DeadLetter", 0 },
        { "undecodable", 0, 0, false, "Hold", 0 },
        { "never", 0, 0, true, "DeadLetter", 0 },
        { "never", 5, 1, false, "Hold", 0 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void What_follows_a_failure_depends_on_its_cause_and_on_what_failed_before(
        string failure, int transient, int ofRecord, bool hasDeadLetters, string step, int seconds)
    {
        var exception = failure switch { "bad" => Bad, "away" => Away, "undecodable" => Undecodable, _ => Never };
        var action = Policy(hasDeadLetters).Decide(exception, new FailureHistory(transient, ofRecord));

        action.Step.ToString().ShouldBe(step);
        action.Delay.ShouldBe(TimeSpan.FromSeconds(seconds));
        action.History.ShouldBe(failure == "away" ? new(transient + 1, ofRecord) : new FailureHistory(transient, ofRecord + 1));
    }

    [Fact]
    public void Never_retried_wins_over_transient_because_the_next_try_would_fail_the_same_way()
    {
        var policy = Policy(hasDeadLetters: true) with { NeverRetried = [typeof(TimeoutException)] };
        policy.Decide(Away, default).Step.ShouldBe(FailureStep.DeadLetter);
    }

    [Fact]
    public void Never_retried_is_found_in_the_exception_of_a_task_that_was_waited_for()
    {
        Policy(hasDeadLetters: true).Decide(new AggregateException(Never), default).Step.ShouldBe(FailureStep.DeadLetter);
        Policy(hasDeadLetters: true).Decide(new AggregateException(Never, Bad), default).Step.ShouldBe(FailureStep.Retry);
    }

    [Theory]
    [InlineData(0.0, 0.8)]
    [InlineData(0.5, 1.0)]
    [InlineData(1.0, 1.2)]
    public void Delays_are_spread_by_a_fifth_so_that_records_that_fail_together_do_not_return_together(double random, double factor)
    {
        var policy = Policy(hasDeadLetters: true) with { Random = () => random };
        policy.Decide(Bad, default).Delay.ShouldBe(TimeSpan.FromSeconds(1) * factor);
        policy.Decide(Away, default).Delay.ShouldBe(TimeSpan.FromSeconds(10) * factor);
        policy.DependencyDelay(2).ShouldBe(TimeSpan.FromSeconds(20) * factor);
    }

    [Fact]
    public void Backoff_grows_to_its_cap_and_stays_there()
    {
        var backoff = Backoff.Exponential(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Enumerable.Range(1, 5).Select(failures => backoff.After(failures).TotalSeconds).ShouldBe([1, 2, 4, 5, 5]);
        backoff.After(int.MaxValue).TotalSeconds.ShouldBe(5);
        Should.Throw<ArgumentException>(() => Backoff.Steps());
        Should.Throw<ArgumentOutOfRangeException>(() => Backoff.Exponential(TimeSpan.Zero));
    }

    private static FailurePolicy Policy(bool hasDeadLetters) => new(
        Retries: 2,
        RetryBackoff: Backoff.Steps(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)),
        DependencyBackoff: Backoff.Steps(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)),
        hasDeadLetters,
        exception => exception is TimeoutException,
        NeverRetried: [typeof(ArgumentException)]);
}
