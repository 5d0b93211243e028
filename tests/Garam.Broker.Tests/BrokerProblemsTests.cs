using Garam.Background;
using Garam.Broker.Tests.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests;

public sealed class BrokerProblemsTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void A_reported_problem_is_listed_until_it_is_resolved_and_keeps_the_time_of_its_first_report()
    {
        var problems = new BrokerProblems(NullLogger.Instance, _clock);
        var first = _clock.GetUtcNow();
        problems.Report("partition orders-3", "damaged").ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMinutes(1));
        problems.Report("partition orders-3", "damaged, and read-only").ShouldBeFalse("it is known already");
        problems.All.ShouldBe([new BrokerProblem("partition orders-3", "damaged, and read-only", first)]);

        problems.Resolve("partition orders-3").ShouldBeTrue();
        problems.All.ShouldBeEmpty();
        problems.Resolve("partition orders-3").ShouldBeFalse();
    }

    [Fact]
    public async Task Background_work_that_fails_is_a_problem_too()
    {
        var problems = new BrokerProblems(NullLogger.Instance, _clock);
        problems.Report("open files", "refusing connections");
        await problems.Background.Run("flushing", _ => throw new InvalidOperationException("no"), OnFailure.Stop());
        problems.All.Select(problem => problem.Subject).ShouldBe(["flushing", "open files"]);
        problems.All[0].Message.ShouldContain("no");
    }

    [Fact]
    public async Task A_broker_that_has_just_started_has_no_problems()
    {
        await using var broker = await KafkaBroker.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        broker.Problems.ShouldBeEmpty();
    }
}
