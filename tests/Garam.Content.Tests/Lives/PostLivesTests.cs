using System.Net;
using System.Text.Json;
using Confluent.Kafka;
using Garam.Content.Lives;
using Garam.Content.Messages;
using Garam.Content.Tests.Platform;
using Garam.Messaging.Producing;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Content.Tests.Lives;

/// <summary>What became of a post, on the whole platform: each step has the time at which it was done, and says why it was not.</summary>
public sealed class PostLivesTests : IAsyncLifetime
{
    private readonly ScriptedModerator _moderator = new();
    private PlatformHost _platform = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = await PlatformHost.StartAsync(_moderator);
        await _platform.Services.GetReady();
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_good_post_has_all_its_steps_with_times_that_do_not_run_backwards()
    {
        await _platform.FollowAsync(followerId: 11, followingId: 29);
        var followers = await FollowersAsync(29);
        await FeedKnowsAsync(followers, of: 29);
        var before = DateTime.UtcNow;
        var post = await _platform.CreateAsync("봄 산책", "한강을 걸었다", userId: 29);
        var version = (await WhenAllDoneAsync(post.Id)).Versions.ShouldHaveSingleItem();

        version.Operation.ShouldBe(OperationType.Create);
        version.Steps.Select(step => step.Stage).ShouldBe(Enum.GetValues<LifeStage>());
        version.Steps.ShouldAllBe(step => step.State == LifeState.Done && step.At >= before.AddMilliseconds(-1) && step.At <= DateTime.UtcNow);
        Step(version, LifeStage.Written).At.ShouldBe(post.CreatedAt);
        Step(version, LifeStage.Written).AfterMs.ShouldBeNull();
        version.Steps.Skip(1).ShouldAllBe(step => step.AfterMs >= 0);
        Step(version, LifeStage.FannedOut).Detail.En.ShouldContain($"{followers.Count}");
        Step(version, LifeStage.FannedOut).Detail.Ko.ShouldContain($"{followers.Count}");
        Step(version, LifeStage.Moderated).Detail.En.ShouldContain("test-1");
    }

    [Fact]
    public async Task The_steps_name_the_very_records_that_the_broker_has()
    {
        var post = await _platform.CreateAsync("봄 산책", "한강을 걸었다");
        var version = (await WhenAllDoneAsync(post.Id)).Versions.Single();

        var original = Read(Step(version, LifeStage.Relayed).Record!.Value);
        original.Message.Key.ShouldBe($"{post.Id}");
        original.Message.Value.ShouldContain("한강을 걸었다");
        var relayed = Step(version, LifeStage.Relayed);
        original.Message.Timestamp.UtcDateTime.ShouldBeInRange(Step(version, LifeStage.Written).At!.Value, relayed.At!.Value);

        var inspected = Read(Step(version, LifeStage.Indexed).Record!.Value);
        inspected.Topic.ShouldBe(ContentTopics.InspectedPosts);
        inspected.Message.Key.ShouldBe($"{post.Id}");
        Step(version, LifeStage.FannedOut).Record.ShouldBe(Step(version, LifeStage.Indexed).Record);
        Step(version, LifeStage.Moderated).Record.ShouldBe(Step(version, LifeStage.Indexed).Record);
    }

    [Fact]
    public async Task Edits_and_the_deletion_are_versions_with_steps_of_their_own()
    {
        var post = await _platform.CreateAsync("처음", "안녕");
        await WhenAllDoneAsync(post.Id);
        await _platform.UpdateAsync(post.Id, "둘째", "안녕하세요");
        await WhenAllDoneAsync(post.Id);
        await _platform.UpdateAsync(post.Id, "셋째", "나쁨");
        await WhenAllDoneAsync(post.Id);
        await _platform.DeleteAsync(post.Id);
        var life = await WhenAllDoneAsync(post.Id);

        life.IsDeleted.ShouldBeTrue();
        life.Versions.Select(version => version.Operation).ShouldBe([OperationType.Create, OperationType.Update, OperationType.Update, OperationType.Delete]);
        Step(life.Versions[2], LifeStage.Moderated).Detail.En.ShouldBe("Judged bad by test-1: test");
        Step(life.Versions[2], LifeStage.Indexed).Detail.En.ShouldBe("Search does not find the post any more.");
        Step(life.Versions[3], LifeStage.Moderated).State.ShouldBe(LifeState.Skipped);
        Step(life.Versions[3], LifeStage.FannedOut).Detail.En.ShouldStartWith("Taken out of");
        foreach (var version in life.Versions)
        {
            Step(version, LifeStage.Indexed).At.ShouldNotBeNull("earlier versions keep their times");
            Step(version, LifeStage.Relayed).At.ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task What_was_judged_bad_at_once_is_kept_from_readers_and_the_life_says_so()
    {
        var post = await _platform.CreateAsync("제목", "나쁨");
        var version = (await WhenAllDoneAsync(post.Id)).Versions.Single();
        Step(version, LifeStage.Moderated).Detail.Ko.ShouldBe("test-1 기준에 따라 거부되었습니다: test");
        version.Steps.Skip(3).ShouldAllBe(step => step.State == LifeState.Skipped && step.At == null);
        Life(post.Id).ToString().ShouldNotContain("나쁨");
    }

    [Fact]
    public async Task While_the_moderator_is_away_the_verdict_waits_and_so_do_the_readers()
    {
        _moderator.IsAway = true;
        var post = await _platform.CreateAsync("제목", "내용");
        await Eventually.IsTrueAsync(() => _moderator.Refused > 0 && Latest(post.Id, LifeStage.Relayed).State is LifeState.Done, "the moderator was asked");
        var waiting = Latest(post.Id, LifeStage.Moderated);
        waiting.State.ShouldBe(LifeState.Waiting);
        waiting.Group.ShouldBe("auto-inspection-consumer-group");
        await Eventually.IsTrueAsync(() => Latest(post.Id, LifeStage.Moderated).Detail.En.Contains("The moderator is away."), "the reason is told");
        Latest(post.Id, LifeStage.Indexed).Detail.En.ShouldBe("Waits for the verdict.");

        _moderator.IsAway = false;
        await WhenAllDoneAsync(post.Id);
    }

    [Fact]
    public async Task While_the_broker_is_away_the_event_waits_in_the_outbox()
    {
        await _platform.StopBrokerAsync();
        var post = await _platform.CreateAsync("제목", "내용");
        var relayed = Latest(post.Id, LifeStage.Relayed);
        relayed.State.ShouldBe(LifeState.Waiting);
        relayed.Detail.En.ShouldContain("outbox");
        Latest(post.Id, LifeStage.Moderated).State.ShouldBe(LifeState.Waiting);

        await _platform.StartBrokerAsync();
        await WhenAllDoneAsync(post.Id);
    }

    [Fact]
    public async Task Read_models_that_were_rebuilt_say_that_their_times_are_those_of_the_rebuild()
    {
        var post = await _platform.CreateAsync("제목", "내용");
        await WhenAllDoneAsync(post.Id);
        await _platform.StopAppAsync();
        foreach (var file in Directory.GetFiles(_platform.DataDirectory, "search.db*"))
            File.Delete(file);
        await _platform.StartAppAsync();
        await Eventually.IsTrueAsync(() => Latest(post.Id, LifeStage.Indexed).State is LifeState.Done, "the index is back");
        Latest(post.Id, LifeStage.Indexed).Detail.En.ShouldContain("rebuild");
        Latest(post.Id, LifeStage.Indexed).AfterMs.ShouldBeNull();
        Latest(post.Id, LifeStage.FannedOut).Detail.En.ShouldNotContain("rebuild");
        Latest(post.Id, LifeStage.Cached).Detail.En.ShouldContain("Not in the cache");
    }

    [Fact]
    public async Task Recent_posts_are_found_by_id_author_and_text()
    {
        var river = await _platform.CreateAsync("한강 산책", "바람이 좋다", userId: 1);
        var percent = await _platform.CreateAsync("할인", "50% 할인_행사", userId: 4);
        var deleted = await _platform.CreateAsync("지운 한강", "없다", userId: 2);
        await _platform.DeleteAsync(deleted.Id);

        Found(null).ShouldBe([deleted.Id, percent.Id, river.Id]);
        Found("한강").ShouldBe([river.Id], "what was deleted is not searched");
        Found("Mina").ShouldBe([percent.Id]);
        Found("0% 할").ShouldBe([percent.Id]);
        Found("%").ShouldBe([percent.Id]);
        Found("할인_").ShouldBe([percent.Id]);
        Found("'; DROP TABLE post; --").ShouldBeEmpty();
        Found($"{river.Id}").First().ShouldBe(river.Id);
        Found($"{deleted.Id}").First().ShouldBe(deleted.Id);
        Lives.Recent(null, 1).ShouldHaveSingleItem().Title.ShouldBeNull("a deleted post has no text any more");
    }

    [Fact]
    public async Task Over_HTTP_the_life_is_plain_JSON_without_the_text()
    {
        var post = await _platform.CreateAsync("비밀 제목", "비밀 내용");
        await WhenAllDoneAsync(post.Id);
        var text = await _platform.Http.GetStringAsync($"/posts/{post.Id}/life");
        text.ShouldNotContain("비밀");
        using var life = JsonDocument.Parse(text);
        var steps = life.RootElement.GetProperty("versions")[0].GetProperty("steps");
        steps.EnumerateArray().Select(step => step.GetProperty("stage").GetString())
            .ShouldBe(["written", "relayed", "moderated", "cached", "fannedOut", "indexed"]);
        steps[1].GetProperty("state").GetString().ShouldBe("done");
        steps[1].GetProperty("at").GetString()!.ShouldEndWith("Z");
        steps[1].GetProperty("record").GetProperty("topic").GetString().ShouldBe("post.original");
        using var missing = await _platform.Http.GetAsync("/posts/999/life");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private PostLives Lives => _platform.Services.GetRequiredService<PostLives>();

    private PostLife Life(long id) => Lives.Find(id)!;

    private List<long> Found(string? query) => [.. Lives.Recent(query, 10).Select(life => life.Id)];

    private LifeStep Latest(long id, LifeStage stage) => Step(Life(id).Versions[^1], stage);

    private static LifeStep Step(VersionLife version, LifeStage stage) => version.Steps.Single(step => step.Stage == stage);

    private async Task<PostLife> WhenAllDoneAsync(long id)
    {
        await Eventually.IsTrueAsync(
            () => Life(id).Versions[^1].Steps.All(step => step.State is LifeState.Done or LifeState.Skipped), $"all steps of post {id} are done");
        return Life(id);
    }

    // Who follows whom reaches the feed by events of its own: what a new follower is given afterwards shows that it has come.
    private async Task FeedKnowsAsync(List<JsonElement> followers, long of)
    {
        var earlier = await _platform.CreateAsync("앞선 글", "새 팔로워도 받는다", userId: of);
        foreach (var follower in followers)
            await Eventually.IsTrueAsync(async () => (await _platform.InboxAsync(follower.GetProperty("id").GetInt64())).Contains(earlier.Id), "the feed knows the follower");
    }

    private async Task<List<JsonElement>> FollowersAsync(long user) =>
        [.. JsonDocument.Parse(await _platform.Http.GetStringAsync($"/followers?followingId={user}&size=100")).RootElement.GetProperty("items").EnumerateArray()];

    private ConsumeResult<string, string> Read(RecordPosition place)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = _platform.BootstrapServers, GroupId = "reader" }).Build();
        consumer.Assign(new TopicPartitionOffset(place.Topic, place.Partition, place.Offset));
        return consumer.Consume(TimeSpan.FromSeconds(30)).ShouldNotBeNull();
    }
}
