using Garam.Background;
using Garam.Console.Snapshots;
using Garam.Operations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Console.Tests.Snapshots;

public sealed class GlanceTests
{
    private readonly ShiftedTime _time = new();
    private readonly List<TaskCompletionSource<string>> _looks = [];
    private readonly BackgroundWork _background = new(NullLogger.Instance);
    private readonly Glance<string> _glance;

    public GlanceTests() => _glance = new Glance<string>(
        "Looking",
        _ =>
        {
            var look = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_looks)
                _looks.Add(look);
            return look.Task;
        },
        _background,
        _time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_who_ask_at_once_cause_one_look()
    {
        var asking = Enumerable.Range(0, 100).Select(_ => _glance.CurrentAsync(Ct)).ToList();
        await EndAsync(0, "first");
        (await Task.WhenAll(asking)).ShouldAllBe(seen => seen.Value == "first");
        _looks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_fresh_is_given_without_another_look_and_what_is_not_is_looked_at_again()
    {
        await FirstAsync();
        (await _glance.CurrentAsync(Ct)).Value.ShouldBe("first");
        _looks.Count.ShouldBe(1);

        _time.Shift += TimeSpan.FromSeconds(3);
        var asking = _glance.CurrentAsync(Ct);
        await EndAsync(1, "second");
        (await asking).Value.ShouldBe("second");
    }

    [Fact]
    public async Task A_look_that_does_not_come_back_holds_nobody_up_for_long()
    {
        await FirstAsync();
        _time.Shift += TimeSpan.FromMinutes(1);
        var seen = await _glance.CurrentAsync(Ct);
        seen.Value.ShouldBe("first");
        (_time.GetUtcNow() - seen.At).ShouldBeGreaterThan(TimeSpan.FromSeconds(59));
    }

    [Fact]
    public async Task After_a_failure_the_last_look_stays_with_what_went_wrong()
    {
        await FirstAsync();
        _time.Shift += TimeSpan.FromSeconds(3);
        var asking = _glance.CurrentAsync(Ct);
        await LookAsync(1);
        _looks[1].SetException(new OperationException(FailureKind.Unreachable, "nobody answers"));
        var seen = await asking;
        seen.Value.ShouldBe("first");
        seen.Trouble!.Message.ShouldBe("nobody answers");
    }

    [Fact]
    public async Task A_look_that_fails_unexpectedly_is_told_and_is_a_problem_until_one_succeeds()
    {
        await FirstAsync();
        _time.Shift += TimeSpan.FromSeconds(3);
        var asking = _glance.CurrentAsync(Ct);
        await LookAsync(1);
        _looks[1].SetException(new InvalidOperationException("a bug"));
        var seen = await asking;
        seen.Value.ShouldBe("first");
        seen.Trouble!.Message.ShouldContain("a bug");
        _background.Problems.ShouldHaveSingleItem().IsStopped.ShouldBeFalse();

        _time.Shift += TimeSpan.FromSeconds(3);
        asking = _glance.CurrentAsync(Ct);
        await EndAsync(2, "second");
        await asking;
        await Eventually.True(() => _background.Problems.Count == 0);
        (await _glance.CurrentAsync(Ct)).Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task Who_asks_after_a_change_is_not_shown_a_look_that_began_before_it()
    {
        await FirstAsync();
        _time.Shift += TimeSpan.FromSeconds(3);
        var before = _glance.CurrentAsync(Ct);
        await LookAsync(1);
        _glance.Forget();
        var after = _glance.CurrentAsync(Ct);
        await EndAsync(2, "with the change");
        (await after).Value.ShouldBe("with the change");

        _looks[1].SetResult("without it");
        await before;
        (await _glance.CurrentAsync(Ct)).Value.ShouldBe("with the change", "a look that began earlier and ended later is not newer");
    }

    private async Task FirstAsync()
    {
        var asking = _glance.CurrentAsync(Ct);
        await EndAsync(0, "first");
        await asking;
    }

    private Task LookAsync(int number) => Eventually.True(() =>
    {
        lock (_looks)
            return _looks.Count > number;
    });

    private async Task EndAsync(int number, string seen)
    {
        await LookAsync(number);
        _looks[number].SetResult(seen);
    }
}
