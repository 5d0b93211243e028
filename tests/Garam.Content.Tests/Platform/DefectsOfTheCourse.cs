using System.Text;
using Confluent.Kafka;

namespace Garam.Content.Tests.Platform;

/// <summary>What went wrong in the system that the platform's routes and topics come from: each of its defects, on the whole platform.</summary>
public sealed class DefectsOfTheCourse
{
    [Fact]
    public async Task S1_a_post_that_is_written_while_the_broker_is_away_is_not_lost()
    {
        await using var platform = await PlatformHost.StartAsync();
        var before = await platform.CreateAsync("처음", "강가에서");
        await SeenAsync(platform, before.Id);

        await platform.StopBrokerAsync();
        var meanwhile = await platform.CreateAsync("그동안", "호숫가에서");
        await platform.StartBrokerAsync();
        await SeenAsync(platform, meanwhile.Id);
    }

    [Fact]
    public async Task S1_a_post_that_is_written_while_the_broker_is_away_survives_a_restart_too()
    {
        await using var platform = await PlatformHost.StartAsync();
        await platform.StopBrokerAsync();
        var post = await platform.CreateAsync("그동안", "호숫가에서");
        await platform.StopAppAsync();

        await platform.StartBrokerAsync();
        await platform.StartAppAsync();
        await SeenAsync(platform, post.Id);
    }

    [Fact]
    public async Task S2_a_post_that_is_judged_bad_is_never_served()
    {
        await using var platform = await PlatformHost.StartAsync();
        var bad = await platform.CreateAsync("조정 경기", "씨발 조정 경기");
        var good = await platform.CreateAsync("조정 경기", "물결이 잔잔한 조정 경기");
        await IndexedAsync(platform, "조정", good.Id);
        await InInboxAsync(platform, user: 30, good.Id);

        (await platform.DetailAsync(bad.Id)).ShouldBeNull();
        (await platform.SearchAsync("조정")).ShouldBe([good.Id]);
        (await platform.InboxAsync(30)).ShouldNotContain(bad.Id);
    }

    [Fact]
    public async Task S3_a_deletion_that_was_answered_is_seen_at_once_on_every_path()
    {
        await using var platform = await PlatformHost.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            var post = await platform.CreateAsync("조정", "물결이 잔잔했다");
            await InInboxAsync(platform, user: 30, post.Id);
            await IndexedAsync(platform, "조정", post.Id);
            await platform.DeleteAsync(post.Id);

            (await platform.DetailAsync(post.Id)).ShouldBeNull();
            (await platform.SearchAsync("조정")).ShouldBeEmpty();
            (await platform.InboxAsync(30)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task S3_a_deleted_post_does_not_come_back_when_the_cache_is_lost()
    {
        await using var platform = await PlatformHost.StartAsync();
        var post = await platform.CreateAsync("조정", "물결이 잔잔했다");
        await IndexedAsync(platform, "조정", post.Id);
        await platform.DeleteAsync(post.Id);
        await GoneAsync(platform, "조정", follower: 30, post.Id);

        await platform.StopAppAsync();
        await platform.StartAppAsync();
        (await platform.DetailAsync(post.Id)).ShouldBeNull();
        (await platform.SearchAsync("조정")).ShouldBeEmpty();
    }

    [Fact]
    public async Task S3_a_deleted_post_does_not_come_back_when_the_read_models_are_rebuilt_from_offset_0()
    {
        await using var platform = await PlatformHost.StartAsync();
        var deleted = await platform.CreateAsync("조정", "물결이 잔잔했다");
        var kept = await platform.CreateAsync("조정", "바람이 셌다");
        await IndexedAsync(platform, "조정", kept.Id);
        await platform.DeleteAsync(deleted.Id);
        await GoneAsync(platform, "조정", follower: 30, deleted.Id);
        await platform.StopAppAsync();
        foreach (var file in Directory.GetFiles(platform.DataDirectory).Where(file => !Path.GetFileName(file).StartsWith("content.db", StringComparison.Ordinal)))
            File.Delete(file);

        await platform.StartAppAsync();
        await Eventually.IsTrueAsync(async () =>
        {
            var (found, inbox) = (await platform.SearchAsync("조정"), await platform.InboxAsync(30));
            found.ShouldNotContain(deleted.Id);
            inbox.ShouldNotContain(deleted.Id);
            return found.Contains(kept.Id) && inbox.Contains(kept.Id);
        }, "the read models are full again");
    }

    [Fact]
    public async Task S4_a_reader_never_sees_an_older_version_after_a_newer_one()
    {
        await using var platform = await PlatformHost.StartAsync();
        var post = await platform.CreateAsync("판", "1");
        await SeenAsync(platform, post.Id);
        const int last = 40;
        var editing = Task.Run(async () =>
        {
            for (var version = 2; version <= last; version++)
                await platform.UpdateAsync(post.Id, "판", $"{version}");
        });

        var readers = Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var newest = 0; newest < last;)
            {
                var seen = (await platform.DetailAsync(post.Id)).ShouldNotBeNull();
                seen.Content.ShouldBe($"{seen.Version}");
                seen.Version.ShouldBeGreaterThanOrEqualTo(newest);
                newest = seen.Version;
            }
        });
        await Task.WhenAll(readers.Append(editing)).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task S5_an_edit_from_bad_to_good_reaches_the_followers()
    {
        await using var platform = await PlatformHost.StartAsync();
        var post = await platform.CreateAsync("조정", "씨발 조정");
        await platform.UpdateAsync(post.Id, "조정", "물결이 잔잔했다");
        await InInboxAsync(platform, user: 30, post.Id);
        await IndexedAsync(platform, "물결", post.Id);
    }

    [Fact]
    public async Task S5_an_edit_from_good_to_bad_takes_the_post_out_of_everything()
    {
        await using var platform = await PlatformHost.StartAsync();
        var post = await platform.CreateAsync("조정", "물결이 잔잔했다");
        await InInboxAsync(platform, user: 30, post.Id);
        await IndexedAsync(platform, "조정", post.Id);
        await platform.UpdateAsync(post.Id, "조정", "씨발 조정");
        await GoneAsync(platform, "조정", follower: 30, post.Id);
    }

    [Fact]
    public async Task S5_a_late_follow_fills_the_inbox_and_an_unfollow_empties_it()
    {
        await using var platform = await PlatformHost.StartAsync();
        var post = await platform.CreateAsync("조정", "물결이 잔잔했다", userId: 1);
        await InInboxAsync(platform, user: 30, post.Id);
        (await platform.InboxAsync(2)).ShouldBeEmpty();

        await platform.FollowAsync(2, 1);
        await InInboxAsync(platform, user: 2, post.Id);
        await platform.UnfollowAsync(2, 1);
        await Eventually.IsTrueAsync(async () => (await platform.InboxAsync(2)).Count == 0, "the inbox is empty");
    }

    [Fact]
    public async Task S6_pages_are_full_and_without_repeats_while_posts_come_and_go()
    {
        await using var platform = await PlatformHost.StartAsync();
        var posts = new List<long>();
        for (var i = 0; i < 30; i++)
            posts.Add((await platform.CreateAsync($"조정 {i}", "물결이 잔잔했다")).Id);
        await Eventually.IsTrueAsync(async () => (await platform.InboxAsync(30)).Count == 30, "all 30 are in the inbox");

        var first = await platform.PageAsync("/list/inbox/30?size=10");
        await platform.CreateAsync("새 글", "물결이 높았다");
        await platform.DeleteAsync(posts[15]);
        await platform.DeleteAsync(posts[25]);
        await Eventually.IsTrueAsync(async () => (await platform.InboxAsync(30)).Count == 29, "one came and two went");

        var second = await platform.PageAsync($"/list/inbox/30?size=10&cursor={first.Next}");
        var third = await platform.PageAsync($"/list/inbox/30?size=10&cursor={second.Next}");
        var newestFirst = Enumerable.Reverse(posts).ToList();
        first.Items.Select(item => item.Id).ShouldBe(newestFirst.Take(10));
        second.Items.Concat(third.Items).Select(item => item.Id).ShouldBe(newestFirst.Skip(10).Where(id => id != posts[15]));
        second.Items.Count.ShouldBe(10);
        third.Next.ShouldBeNull();
    }

    [Fact]
    public async Task S7_words_of_two_syllables_and_queries_of_two_words_are_found()
    {
        await using var platform = await PlatformHost.StartAsync();
        var post = await platform.CreateAsync("한강에서", "오늘 조정경기를 보았다. 물결이 잔잔했다.");
        await IndexedAsync(platform, "조정", post.Id);
        foreach (var keyword in (string[])["한강", "경기", "정경", "물결 한강", "잔잔 조정경기", "보았"])
            (await platform.SearchAsync(keyword)).ShouldBe([post.Id], keyword);
        (await platform.SearchAsync("물결 바다")).ShouldBeEmpty();
    }

    [Fact]
    public async Task S8_a_poison_record_goes_to_the_dead_letters_and_the_rest_goes_on()
    {
        await using var platform = await PlatformHost.StartAsync();
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = platform.BootstrapServers }).Build();
        for (var partition = 0; partition < 3; partition++)
        {
            await producer.ProduceAsync(
                new TopicPartition(ContentTopics.OriginalPosts, partition), new Message<string, byte[]> { Key = "7", Value = Encoding.UTF8.GetBytes("{ not JSON") });
        }

        var post = await platform.CreateAsync("조정", "물결이 잔잔했다");
        await SeenAsync(platform, post.Id);

        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = platform.BootstrapServers, GroupId = "reader of dead letters", AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe($"{ContentTopics.OriginalPosts}.auto-inspection-consumer-group.dlt");
        for (var i = 0; i < 3; i++)
        {
            var dead = consumer.Consume(TimeSpan.FromSeconds(30)).ShouldNotBeNull();
            (dead.Message.Key, Encoding.UTF8.GetString(dead.Message.Value)).ShouldBe(("7", "{ not JSON"));
        }
    }

    [Fact]
    public async Task S8_a_moderator_that_is_away_decides_nothing_and_everything_is_decided_when_it_is_back()
    {
        var moderator = new ScriptedModerator();
        await using var platform = await PlatformHost.StartAsync(moderator);
        var decided = await platform.CreateAsync("조정", "물결이 잔잔했다");
        await SeenAsync(platform, decided.Id);

        moderator.IsAway = true;
        var waiting = new List<long>();
        for (var i = 0; i < 50; i++)
            waiting.Add((await platform.CreateAsync("조정", $"물결 {i}")).Id);
        await Eventually.IsTrueAsync(() => moderator.Refused >= 30, "the moderator was asked in vain");
        foreach (var id in waiting)
            (await platform.DetailAsync(id)).ShouldBeNull();
        (await platform.DetailAsync(decided.Id)).ShouldNotBeNull("what was decided stays");

        moderator.IsAway = false;
        foreach (var id in waiting)
            await SeenAsync(platform, id);
        moderator.Judged.ShouldBe(51, "each post was judged once");
    }

    internal static Task SeenAsync(PlatformHost platform, long id) =>
        Eventually.IsTrueAsync(async () => await platform.DetailAsync(id) is not null, $"post {id} is seen");

    private static Task IndexedAsync(PlatformHost platform, string word, long id) =>
        Eventually.IsTrueAsync(async () => (await platform.SearchAsync(word)).Contains(id), $"post {id} is found by {word}");

    private static Task InInboxAsync(PlatformHost platform, long user, long id) =>
        Eventually.IsTrueAsync(async () => (await platform.InboxAsync(user)).Contains(id), $"post {id} is in the inbox of {user}");

    private static Task GoneAsync(PlatformHost platform, string word, long follower, long id) => Eventually.IsTrueAsync(
        async () => await platform.DetailAsync(id) is null
            && !(await platform.SearchAsync(word)).Contains(id)
            && !(await platform.InboxAsync(follower)).Contains(id),
        $"post {id} is gone");
}
