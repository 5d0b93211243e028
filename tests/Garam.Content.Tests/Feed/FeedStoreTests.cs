using System.Diagnostics;
using Garam.Content.Feed;
using Garam.Content.Messages;
using static Garam.Content.Tests.Feed.Events;

namespace Garam.Content.Tests.Feed;

public sealed class FeedStoreTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_post_reaches_the_followers_of_its_author_and_nobody_else()
    {
        await using var feed = Open();
        await Apply(feed, Followed(1, 9, 1), Followed(2, 8, 1), Approved(100, 1, author: 9, minute: 0));
        Inbox(feed, 1).ShouldBe([100]);
        Inbox(feed, 2).ShouldBeEmpty();
        Inbox(feed, 9).ShouldBeEmpty();
    }

    [Fact]
    public async Task Following_brings_the_authors_newest_posts_and_unfollowing_takes_them_away()
    {
        await using var feed = Open();
        await Apply(feed, Approved(100, 1, 9, 0), Approved(101, 1, 9, 1), Approved(102, 1, 8, 2), Followed(1, 8, 1), Followed(1, 9, 1));
        Inbox(feed, 1).ShouldBe([102, 101, 100]);
        await Apply(feed, Unfollowed(1, 9, 2));
        Inbox(feed, 1).ShouldBe([102]);
    }

    [Fact] // S5
    public async Task An_edit_that_turns_good_reaches_the_followers_and_one_that_turns_bad_leaves_them()
    {
        await using var feed = Open();
        await Apply(feed, Followed(1, 9, 1), Approved(100, 2, 9, 0));
        Inbox(feed, 1).ShouldBe([100]);
        await Apply(feed, Removed(100, 3));
        Inbox(feed, 1).ShouldBeEmpty();
        await Apply(feed, Approved(100, 4, 9, 0));
        Inbox(feed, 1).ShouldBe([100]);
    }

    [Fact]
    public async Task What_was_deleted_stays_away_when_older_events_come_again()
    {
        await using var feed = Open();
        await Apply(feed, Followed(1, 9, 1), Approved(100, 1, 9, 0), Removed(100, 2), Approved(100, 1, 9, 0), Removed(101, 5), Approved(101, 4, 9, 0));
        Inbox(feed, 1).ShouldBeEmpty();
        await Apply(feed, Unfollowed(1, 9, 2), Approved(102, 1, 9, 1), Followed(1, 9, 1));
        Inbox(feed, 1).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_inbox_keeps_the_newest_and_takes_up_older_posts_when_it_loses_some()
    {
        await using var feed = Open();
        await Apply(feed, Followed(1, 9, 1), Followed(1, 8, 1));
        await Task.WhenAll(Enumerable.Range(0, 900).Select(minute => feed.ApplyAsync(Approved(minute, 1, minute % 2 == 0 ? 9 : 8, minute), Place, Never)));
        Inbox(feed, 1).ShouldBe(Enumerable.Range(100, 800).Reverse().Select(id => (long)id));

        await Apply(feed, Removed(899, 2), Removed(500, 2), Removed(100, 2));
        Inbox(feed, 1).Count.ShouldBe(800);
        Inbox(feed, 1)[^1].ShouldBe(97);

        await Apply(feed, Unfollowed(1, 9, 2));
        Inbox(feed, 1).ShouldBe(Enumerable.Range(0, 899).Where(id => id % 2 != 0).Reverse().Select(id => (long)id));
    }

    [Fact]
    public async Task Reading_on_from_an_entry_neither_repeats_nor_skips_while_the_inbox_moves()
    {
        await using var feed = Open();
        await Apply(feed, Followed(1, 9, 1));
        await Apply(feed, [.. Enumerable.Range(0, 20).Select(id => Approved(id, 1, 9, minute: id / 4))]);
        var first = feed.Read(1, FeedEntry.Top, 7);
        await Apply(feed, Approved(50, 1, 9, 100), Removed(first[^1].PostId, 2), Removed(first[0].PostId, 2));
        var rest = feed.Read(1, first[^1], 100);
        first.Concat(rest).Select(entry => entry.PostId).ShouldBe(Enumerable.Range(0, 20).Reverse().Select(id => (long)id));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_the_order_repetition_and_rewinding_the_inboxes_are_what_the_events_say(int seed)
    {
        const int capacity = 6;
        var random = new Random(seed);
        await using var feed = Open(capacity);
        var model = new FeedModel(capacity);
        foreach (var message in FeedScenario.Deliveries(random))
        {
            await Apply(feed, message);
            model.Apply(message);
            var user = random.Next(FeedScenario.Users);
            Inbox(feed, user).ShouldBe(model.Inbox(user));
        }

        for (var user = 0; user < FeedScenario.Users; user++)
        {
            Inbox(feed, user).ShouldBe(model.Inbox(user));
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Fact]
    public async Task Events_of_many_keys_at_the_same_time_end_in_the_same_inboxes()
    {
        const int capacity = 6;
        await using var feed = Open(capacity);
        var model = new FeedModel(capacity);
        var messages = FeedScenario.Deliveries(new Random(99)).ToList();
        messages.ForEach(model.Apply);

        // One lane per key, as the endpoint runs them.
        await Task.WhenAll(messages.GroupBy(FeedScenario.KeyOf).Select(lane => Task.Run(async () =>
        {
            foreach (var message in lane)
            {
                await Apply(feed, message);
            }
        })));
        for (var user = 0; user < FeedScenario.Users; user++)
        {
            Inbox(feed, user).ShouldBe(model.Inbox(user));
        }
    }

    [Fact]
    public async Task An_author_with_many_followers_does_not_hold_up_the_others()
    {
        var followers = LongMode.Pick(20_000, 100_000);
        await using var feed = Open();
        await Task.WhenAll(Enumerable.Range(1, followers).Select(follower => feed.ApplyAsync(Followed(follower, 0, 1), Never)));
        await Apply(feed, Followed(-1, -2, 1));

        var started = Stopwatch.GetTimestamp();
        var fanOut = feed.ApplyAsync(Approved(1, 1, author: 0, minute: 0), Place, Never);
        var meanwhile = 0;
        while (!fanOut.IsCompleted)
        {
            await Apply(feed, Approved(2 + meanwhile++, 1, author: -2, minute: meanwhile));
        }

        await fanOut;
        TestContext.Current.TestOutputHelper!.WriteLine($"{followers:N0} inboxes in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s; {meanwhile} posts of another author meanwhile");
        Inbox(feed, followers).ShouldBe([1]);
        meanwhile.ShouldBeGreaterThan(followers / 5_000, "the chunks of a thousand inboxes leave room for others in between");
    }

    private FeedStore Open(int capacity = FeedStore.DefaultCapacity) => FeedStore.Open(_directory.File("feed.db"), TimeProvider.System, capacity);

    private static List<long> Inbox(FeedStore feed, long user) => [.. feed.Read(user, FeedEntry.Top, 10_000).Select(entry => entry.PostId)];

    private static async Task Apply(FeedStore feed, params IReadOnlyList<object> messages)
    {
        foreach (var message in messages)
        {
            await (message is InspectedPostMessage post ? feed.ApplyAsync(post, Place, Never) : feed.ApplyAsync((FollowMessage)message, Never));
        }
    }
}
