using System.Net.Http;
using System.Net.Sockets;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;

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

    public static TheoryData<Exception, bool> Faults => new()
    {
        { new TimeoutException(), true },
        { new IOException("disk"), true },
        { new SocketException(), true },
        { new HttpRequestException("503"), true },
        { new TaskCanceledException("a client's own time-out"), true },
        { new InvalidOperationException("wrapped", new SocketException()), true },
        { new AggregateException(new TimeoutException()), true },
        { new ProduceFailedException("t", "Local_MsgTimedOut", "timed out", isTransient: true), true },
        { new ProduceFailedException("t", "MsgSizeTooLarge", "too large", isTransient: false), false },
        { new DivideByZeroException("registered"), true },
        { new FileNotFoundException(), false },
        { new InvalidDataException(), false },
        { new NullReferenceException(), false },
        { new FormatException(), false },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Trouble_on_the_way_is_told_from_trouble_with_a_record_by_the_exceptions_type(Exception exception, bool isTransient) =>
        new TransientFaults([new TransientFault(fault => fault is DivideByZeroException)]).IsTransient(exception).ShouldBe(isTransient);

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
