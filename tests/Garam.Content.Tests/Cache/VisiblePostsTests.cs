using Garam.Content.Cache;
using Microsoft.Extensions.Time.Testing;

namespace Garam.Content.Tests.Cache;

public sealed class VisiblePostsTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly Truth _truth = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly VisiblePosts _posts;

    public VisiblePostsTests() => _posts = new VisiblePosts(_truth, maxBytes: 100_000, _clock);

    [Fact]
    public async Task A_post_is_read_once_and_then_served_from_memory()
    {
        _truth.Set(1, version: 1);
        (await _posts.FindAsync(1, Never))!.Version.ShouldBe(1);
        (await _posts.FindAsync(1, Never))!.Version.ShouldBe(1);
        _truth.Readings.ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_seen_is_read_once_too()
    {
        (await _posts.FindAsync(1, Never)).ShouldBeNull();
        (await _posts.FindAsync(1, Never)).ShouldBeNull();
        _truth.Readings.ShouldBe(1);
        _truth.Set(1, version: 1);
        await _posts.RenewAsync(1, version: 1, Never);
        (await _posts.FindAsync(1, Never)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_list_asks_once_for_all_that_is_missing()
    {
        _truth.Set(1, 1);
        _truth.Set(3, 1);
        await _posts.FindAsync(1, Never);
        var found = await _posts.FindAsync([1, 2, 3, 3], Never);
        found.Keys.Order().ShouldBe([1, 3]);
        _truth.Readings.ShouldBe(2);
    }

    [Fact]
    public async Task However_many_ask_at_once_a_post_is_read_once()
    {
        _truth.Set(1, 1);
        var gate = _truth.Close();
        var asking = Enumerable.Range(0, 50).Select(_ => _posts.FindAsync(1, Never).AsTask()).ToList();
        gate.SetResult();
        (await Task.WhenAll(asking)).ShouldAllBe(post => post!.Version == 1);
        _truth.Readings.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_renews_what_is_served()
    {
        _truth.Set(1, 1);
        await _posts.FindAsync(1, Never);
        _truth.Set(1, 2);
        await _posts.RenewAsync(1, version: 2, Never);
        (await _posts.FindAsync(1, Never))!.Version.ShouldBe(2);
        _truth.Remove(1);
        await _posts.RenewAsync(1, version: 3, Never);
        (await _posts.FindAsync(1, Never)).ShouldBeNull();
    }

    [Fact] // S3
    public async Task A_reading_that_began_before_a_deletion_does_not_bring_the_post_back()
    {
        _truth.Set(1, 1);
        var gate = _truth.Close();
        var slow = _posts.FindAsync(1, Never).AsTask();
        _truth.Remove(1);
        _truth.OpenForNew();
        await _posts.RenewAsync(1, version: 2, Never);
        (await _posts.FindAsync(1, Never)).ShouldBeNull();

        gate.SetResult();
        (await slow).ShouldBeNull("whoever asked before would else see it after somebody else saw it gone");
        (await _posts.FindAsync(1, Never)).ShouldBeNull();
    }

    [Fact] // S4
    public async Task A_reading_that_began_before_an_edit_does_not_overwrite_it()
    {
        _truth.Set(1, 1);
        var gate = _truth.Close();
        var slow = _posts.FindAsync([1, 2], Never).AsTask();
        _truth.Set(1, 2);
        _truth.OpenForNew();
        await _posts.RenewAsync(1, version: 2, Never);
        gate.SetResult();
        (await slow)[1].Version.ShouldBe(2);
        (await _posts.FindAsync(1, Never))!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task Events_that_are_delivered_again_from_the_start_bring_nothing_back()
    {
        await _posts.RenewAsync(1, version: 1, Never);
        (await _posts.FindAsync(1, Never)).ShouldBeNull("the truth says that it was deleted since");
        _truth.Set(2, 3);
        await _posts.RenewAsync(2, version: 2, Never);
        (await _posts.FindAsync(2, Never))!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_post_that_is_judged_anew_without_an_edit_is_renewed()
    {
        _truth.Set(1, 1);
        await _posts.FindAsync(1, Never);
        _truth.Remove(1);
        await _posts.RenewAsync(1, version: 1, Never);
        (await _posts.FindAsync(1, Never)).ShouldBeNull();
    }

    [Fact]
    public async Task An_answer_without_events_lives_no_longer_than_its_age()
    {
        _truth.Set(1, 1);
        await _posts.FindAsync(1, Never);
        _truth.Remove(1);
        _clock.Advance(VisiblePosts.MaxAge - TimeSpan.FromSeconds(1));
        (await _posts.FindAsync(1, Never)).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await _posts.FindAsync(1, Never)).ShouldBeNull();
    }

    [Fact]
    public async Task A_caller_that_goes_away_does_not_end_the_reading_for_others()
    {
        _truth.Set(1, 1);
        var gate = _truth.Close();
        using var impatient = new CancellationTokenSource();
        var first = _posts.FindAsync(1, impatient.Token).AsTask();
        var second = _posts.FindAsync(1, Never).AsTask();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        gate.SetResult();
        (await second).ShouldNotBeNull();
        _truth.Readings.ShouldBe(1);
    }

    [Fact]
    public async Task Trouble_is_told_to_all_who_wait_and_not_kept()
    {
        _truth.Set(1, 1);
        var gate = _truth.Close();
        var asking = new[] { _posts.FindAsync(1, Never).AsTask(), _posts.FindAsync(1, Never).AsTask() };
        gate.SetException(new IOException("disk"));
        foreach (var task in asking)
        {
            await Should.ThrowAsync<IOException>(task);
        }

        _truth.OpenForNew();
        (await _posts.FindAsync(1, Never)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_least_recently_used_make_room()
    {
        for (var id = 1; id <= 200; id++)
        {
            _truth.Set(id, 1, content: new string('가', 1_000));
            await _posts.FindAsync(id, Never);
            await _posts.FindAsync(1, Never);
        }

        _truth.Readings.ShouldBe(200, "the one that is always used stays");
        await _posts.FindAsync(200, Never);
        _truth.Readings.ShouldBe(200);
        await _posts.FindAsync(100, Never);
        _truth.Readings.ShouldBe(201);
    }
}
