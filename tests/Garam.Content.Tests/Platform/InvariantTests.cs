using System.Net.Http.Json;
using System.Text.Json;
using Confluent.Kafka;
using Garam.Content.Messages;
using Garam.Content.Posts;
using Garam.Messaging.Health;
using Garam.Outbox;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Content.Tests.Platform;

/// <summary>What must hold at every moment of a storm, and what must be equal when it is over.</summary>
public sealed class InvariantTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public async Task Readers_see_judged_versions_only_deletions_hold_and_all_stores_agree_in_the_end(int seed)
    {
        await using var platform = await PlatformHost.StartAsync(new ScriptedModerator());
        var storm = new Storm(platform, seed);
        await storm.RunAsync(writers: 8, stepsPerWriter: 60, readers: 3);

        JudgeSightings(storm);
        var visible = storm.Posts.Values.Where(post => post.IsVisible).Select(post => post.Id).ToHashSet();
        await Eventually.IsTrueAsync(async () => (await platform.SearchAsync(Storm.CommonWord)).ToHashSet().SetEquals(visible), "search finds what is visible, and nothing else");
        await InboxesHoldWhatTheirOwnersFollowAsync(platform, storm);
        await DetailsShowTheLastVersionsAsync(platform, storm);
        RowsAreWhatTheLogSays(platform, storm);
        platform.Services.GetRequiredService<OutboxHealth>().Problem.ShouldBeNull();
        platform.Services.GetRequiredService<MessagingHealth>().Problems().ShouldBeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{storm.Posts.Count} posts, {storm.Posts.Values.Sum(post => post.Texts.Count)} versions, {visible.Count} visible in the end, {storm.Sightings.Count} sightings");
    }

    private static void JudgeSightings(Storm storm)
    {
        storm.Sightings.Count.ShouldBeGreaterThan(100, "or nothing was tested");
        foreach (var sighting in storm.Sightings)
        {
            // A post that was created and seen before its writer could note it is judged as well: the writer has noted it by now.
            var post = storm.Posts[sighting.Id];
            sighting.Began.ShouldBeLessThan(post.DeletedAt, $"post {post.Id} was seen after its deletion was answered");
            if (sighting.Version is { } version)
            {
                sighting.Content.ShouldBe(post.Texts[version]);
                post.IsGood(version).ShouldBeTrue($"version {version} of post {post.Id} was never approved");
            }
        }
    }

    private static async Task InboxesHoldWhatTheirOwnersFollowAsync(PlatformHost platform, Storm storm)
    {
        for (var user = 1; user <= 30; user++)
        {
            var followings = (await platform.Http.GetFromJsonAsync<JsonElement>($"/followings?followerId={user}&size=100"))
                .GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()).ToHashSet();
            var expected = storm.Posts.Values.Where(post => post.IsVisible && followings.Contains(post.Author)).Select(post => post.Id).ToHashSet();
            await Eventually.IsTrueAsync(
                async () => await platform.InboxAsync(user) is var inbox && inbox.Count == expected.Count && expected.SetEquals(inbox), $"the inbox of {user} is right");
        }
    }

    private static async Task DetailsShowTheLastVersionsAsync(PlatformHost platform, Storm storm)
    {
        foreach (var post in storm.Posts.Values)
        {
            var detail = await platform.DetailAsync(post.Id);
            (detail is not null).ShouldBe(post.IsVisible, $"post {post.Id}");
            if (detail is not null)
                (detail.Version, detail.Content).ShouldBe((post.Texts.Count, post.Texts[post.Texts.Count]));
        }
    }

    /// <summary>No phantom and no loss: folding post.original gives the table.</summary>
    private static void RowsAreWhatTheLogSays(PlatformHost platform, Storm storm)
    {
        var rows = platform.Services.GetRequiredService<PostStore>();
        var folded = new Dictionary<long, OriginalPostMessage>();
        foreach (var message in ReadAll(platform.BootstrapServers, storm.Posts.Values.Sum(post => post.Texts.Count + (post.DeletedAt == long.MaxValue ? 0 : 1))))
        {
            message.Version.ShouldBe(folded.TryGetValue(message.Id, out var before) ? before.Version + 1 : 1, "each version once, in order");
            folded[message.Id] = message;
        }

        folded.Keys.Order().ShouldBe(storm.Posts.Keys.Order());
        foreach (var (id, last) in folded)
            rows.Find(id).ShouldBe(last.Payload);
    }

    private static List<OriginalPostMessage> ReadAll(string bootstrapServers, int count)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers, GroupId = "judge", AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false, EnablePartitionEof = true,
        }).Build();
        consumer.Assign(Enumerable.Range(0, 3).Select(partition => new TopicPartitionOffset(ContentTopics.OriginalPosts, partition, Offset.Beginning)));
        var messages = new List<OriginalPostMessage>();
        for (var ends = 0; ends < 3;)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30)).ShouldNotBeNull();
            if (result.IsPartitionEOF)
                ends++;
            else
                messages.Add(JsonSerializer.Deserialize(result.Message.Value, MessageJson.Wire.OriginalPostMessage)!);
        }

        messages.Count.ShouldBe(count);
        return messages;
    }
}
