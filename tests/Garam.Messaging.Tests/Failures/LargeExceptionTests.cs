using Garam.Background;
using Garam.Messaging.Failures;

namespace Garam.Messaging.Tests.Failures;

/// <summary>Exceptions whose whole text would take minutes or the process's memory.</summary>
public sealed class LargeExceptionTests
{
    public static TheoryData<string> Kinds => ["shared", "deep", "wide", "long", "aggregates"];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Kinds))]
    public async Task Their_texts_and_their_cause_are_read_within_bounds(string kind)
    {
        var exception = Exception(kind);
        await Task.Run(() =>
        {
            ExceptionText.Message(exception).Length.ShouldBeInRange(1, 20_000);
            ExceptionText.Full(exception).Length.ShouldBeInRange(1, 80_000);
            ExceptionText.ForLog(exception).ToString().Length.ShouldBeInRange(1, 80_000);
            new TransientFaults([new TransientFault(_ => false)]).IsTransient(exception).ShouldBeFalse();
            Policy().Decide(exception, default).Cause.ShouldBe(FailureCause.Record);
        }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_text_of_an_exception_of_usual_size_is_whole_and_it_is_logged_as_it_is()
    {
        var exception = new AggregateException("several", new FormatException("first"), new InvalidOperationException("second", new TimeoutException("third")));
        ExceptionText.Message(exception).ShouldBe(exception.Message);
        ExceptionText.Full(exception).ShouldBe(exception.ToString());
        ExceptionText.ForLog(exception).ShouldBeSameAs(exception);
    }

    [Fact]
    public void A_dependency_behind_a_long_chain_is_still_found()
    {
        Exception chain = new FormatException();
        for (var level = 0; level < 10_000; level++)
        {
            chain = new InvalidOperationException("wrapped", chain);
        }

        new TransientFaults([]).IsTransient(new AggregateException(chain, new TimeoutException())).ShouldBeTrue();
    }

    private static Exception Exception(string kind)
    {
        Exception exception = new FormatException(kind == "long" ? new string('x', 300_000_000) : "the cause");
        switch (kind)
        {
            case "shared":
                return Wrap(exception, 28, inner => new AggregateException("l", inner, inner));
            case "deep":
                return Wrap(exception, 30_000, inner => new InvalidOperationException("wrapped", inner));
            case "aggregates":
                return Wrap(exception, 30_000, inner => new AggregateException("l", inner));
            case "wide":
                return new AggregateException(Enumerable.Range(0, 200_000).Select(number => new FormatException($"{number}")));
            default:
                return new InvalidOperationException("wrapped", exception);
        }
    }

    private static Exception Wrap(Exception exception, int levels, Func<Exception, Exception> wrap) =>
        Enumerable.Range(0, levels).Aggregate(exception, (inner, _) => wrap(inner));

    private static FailurePolicy Policy() => new(
        Retries: 2,
        RetryBackoff: Backoff.Constant(TimeSpan.Zero),
        DependencyBackoff: Backoff.Constant(TimeSpan.Zero),
        HasDeadLetters: true,
        new TransientFaults([]).IsTransient,
        NeverRetried: [typeof(ArgumentException)]);
}
