using Garam.Broker.Groups;
using Garam.Broker.Log;
using Garam.Broker.Timers;
using Garam.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests.Groups;

/// <summary>The coordinator on a real log and a clock that stands still: what it writes, when it wakes, what it forgets.</summary>
public sealed class CoordinatorTests : IAsyncLifetime
{
    private const string Id = "g";
    private static readonly TopicPartition Orders = new("orders", 0);
    private static readonly TopicPartition Payments = new("payments", 0);

    private readonly TemporaryDirectory _directory = new();
    private readonly TestClock _time = new();
    private readonly GroupOptions _options = new();
    private long _flushMessages = long.MaxValue;
    private TimerQueue _timers = null!;
    private LogManager _logs = null!;
    private GroupCoordinator _coordinator = null!;

    public ValueTask InitializeAsync() => StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_silent_member_is_removed_by_the_clock_alone_and_whoever_waits_for_it_goes_on()
    {
        var first = await StableAsync();
        var second = _coordinator.JoinAsync(Id, Attempt(""));
        second.IsCompleted.ShouldBeFalse();

        _time.Advance(GroupScenario.Session);

        (await second).Members.Select(member => member.MemberId).ShouldBe([(await second).MemberId]);
        _coordinator.Heartbeat(Id, first, null, 2).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public async Task A_group_whose_last_session_is_over_can_be_deleted_even_before_a_timer_says_so()
    {
        await StableAsync();
        _time.AdjustTime(_time.GetUtcNow() + GroupScenario.Session);

        (await _coordinator.DeleteAsync(Id)).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Heartbeats_keep_a_member_for_as_long_as_they_come()
    {
        var member = await StableAsync();
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(GroupScenario.Session * 0.9);
            _coordinator.Heartbeat(Id, member, null, 1).ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public async Task After_a_restart_members_are_there_and_those_that_stay_away_expire()
    {
        var member = await StableAsync();
        await RestartAsync();

        _coordinator.Heartbeat(Id, member, null, 1).ShouldBe(ErrorCode.None);
        _coordinator.Describe(Id)!.State.ShouldBe(GroupState.Stable);
        _time.Advance(GroupScenario.Session);
        _coordinator.Describe(Id)!.State.ShouldBe(GroupState.Empty);
        await RestartAsync();
        _coordinator.Describe(Id)!.Members.ShouldBeEmpty("that it became empty was written");
    }

    [Fact]
    public async Task Offsets_are_as_they_were_after_a_restart()
    {
        (await CommitAsync((Orders, 5), (Payments, 6))).ShouldBe(ErrorCode.None);
        (await CommitAsync((Orders, 7))).ShouldBe(ErrorCode.None);
        await RestartAsync();
        Offset(Orders).ShouldBe(7);
        Offset(Payments).ShouldBe(6);
    }

    [Fact]
    public async Task With_a_flush_for_every_message_commits_and_generations_wait_for_the_disk_and_come_through()
    {
        _flushMessages = 1;
        await RestartAsync();
        var member = await StableAsync();
        (await Task.WhenAll(Enumerable.Range(0, 50).Select(i => CommitAsync(member, 1, (Orders, i))))).ShouldAllBe(error => error == ErrorCode.None);
        Offset(Orders).ShouldBe(49);
        await RestartAsync();
        Offset(Orders).ShouldBe(49);
        _coordinator.Heartbeat(Id, member, null, 1).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Offsets_of_a_group_that_became_empty_expire_a_week_later_and_the_group_with_them()
    {
        var member = await StableAsync();
        await CommitAsync(member, 1, (Orders, 5));
        for (var day = 0; day < 30; day++)
        {
            BeatThrough(member, TimeSpan.FromMinutes(30));
        }

        (await _coordinator.LeaveAsync(Id, [(member, null)])).ShouldBe([ErrorCode.None]);
        _time.Advance(_options.OffsetsRetention - _options.OffsetsRetentionCheckInterval * 2);
        Offset(Orders).ShouldBe(5);
        _time.Advance(_options.OffsetsRetentionCheckInterval * 3);
        Offset(Orders).ShouldBeNull();
        _coordinator.Describe(Id).ShouldBeNull();
        await RestartAsync();
        _coordinator.List().ShouldBeEmpty("the log says so too");
    }

    [Fact]
    public async Task Offsets_of_a_subscribed_topic_do_not_expire_and_those_of_another_do()
    {
        var member = await StableAsync();
        await CommitAsync(member, 1, (Orders, 5), (Payments, 6));
        BeatThrough(member, _options.OffsetsRetention + _options.OffsetsRetentionCheckInterval);
        Offset(Orders).ShouldBe(5);
        Offset(Payments).ShouldBeNull("nobody subscribes to it");
    }

    [Fact]
    public async Task Offsets_without_a_group_expire_a_week_after_the_commit()
    {
        await CommitAsync((Orders, 5));
        _time.Advance(_options.OffsetsRetention / 2);
        await CommitAsync((Payments, 6));
        _time.Advance(_options.OffsetsRetention / 2 + _options.OffsetsRetentionCheckInterval);
        Offset(Orders).ShouldBeNull();
        Offset(Payments).ShouldBe(6);
    }

    [Fact]
    public async Task A_retention_that_the_committer_asked_for_holds()
    {
        var commit = new PartitionCommit(Orders, Guid.Empty, 5, -1, "", TimeSpan.FromHours(1));
        (await _coordinator.CommitAsync(Id, new CommitAttempt("", null, -1, [commit]))).ShouldBe(ErrorCode.None);
        _time.Advance(TimeSpan.FromMinutes(50));
        Offset(Orders).ShouldBe(5);
        _time.Advance(TimeSpan.FromMinutes(20));
        Offset(Orders).ShouldBeNull();
    }

    [Fact]
    public async Task A_topic_that_went_while_the_broker_was_down_takes_its_offsets_with_it()
    {
        await CommitAsync((Orders, 5), (Payments, 6));
        await StopAsync();
        await StartAsync((partition, _) => partition.Topic == "orders");
        Offset(Orders).ShouldBeNull();
        Offset(Payments).ShouldBe(6);
        await RestartAsync();
        Offset(Orders).ShouldBeNull("it was written");
    }

    [Fact]
    public async Task A_topic_that_was_made_anew_while_the_broker_was_down_begins_without_offsets()
    {
        var (old, made) = (Guid.NewGuid(), Guid.NewGuid());
        await _coordinator.CommitAsync(Id, new CommitAttempt("", null, -1, [new PartitionCommit(Orders, old, 5, -1, "", null)]));
        await StopAsync();
        await StartAsync((_, id) => id != made);
        Offset(Orders).ShouldBeNull();
    }

    [Fact]
    public async Task A_restart_does_not_begin_the_retention_of_offsets_anew()
    {
        var member = await StableAsync();
        await CommitAsync(member, 1, (Orders, 5));
        await _coordinator.LeaveAsync(Id, [(member, null)]);
        _time.Advance(_options.OffsetsRetention - _options.OffsetsRetentionCheckInterval);
        await RestartAsync();
        Offset(Orders).ShouldBe(5);
        _time.Advance(_options.OffsetsRetentionCheckInterval * 2);
        Offset(Orders).ShouldBeNull();
    }

    [Fact]
    public async Task Offsets_of_a_topic_that_members_subscribe_to_are_not_deleted_and_those_of_another_are()
    {
        var member = await StableAsync();
        await CommitAsync(member, 1, (Orders, 5), (Payments, 6));
        var (error, subscribed) = await _coordinator.DeleteOffsetsAsync(Id, [Orders, Payments]);
        error.ShouldBe(ErrorCode.None);
        subscribed.ShouldBe(["orders"]);
        Offset(Orders).ShouldBe(5);
        Offset(Payments).ShouldBeNull();
    }

    [Fact]
    public async Task A_deleted_group_stays_deleted()
    {
        await CommitAsync((Orders, 5));
        (await _coordinator.DeleteAsync(Id)).ShouldBe(ErrorCode.None);
        await RestartAsync();
        _coordinator.Describe(Id).ShouldBeNull();
        Offset(Orders).ShouldBeNull();
    }

    [Fact]
    public async Task Stopping_answers_everybody_who_is_parked()
    {
        var member = await StableAsync();
        var parked = _coordinator.JoinAsync(Id, Attempt(""));
        await StopAsync();
        (await parked).Error.ShouldBe(ErrorCode.NotCoordinator);
        await StartAsync();
        _coordinator.Heartbeat(Id, member, null, 1).ShouldBe(ErrorCode.None, "a stop is not a departure");
    }

    [Fact]
    public async Task Who_is_refused_leaves_nothing_behind()
    {
        (await _coordinator.JoinAsync(Id, Attempt("") with { SessionTimeout = TimeSpan.Zero })).Error.ShouldBe(ErrorCode.InvalidSessionTimeout);
        (await _coordinator.JoinAsync(new string('x', GroupCoordinator.LongestName + 1), Attempt(""))).Error.ShouldBe(ErrorCode.InvalidGroupId);
        _coordinator.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Parallel_commits_and_departures_of_many_groups_end_as_the_log_says()
    {
        var groups = Enumerable.Range(0, 20).Select(i => $"group-{i}").ToList();
        await Task.WhenAll(groups.SelectMany(group => Enumerable.Range(0, 5).Select(member => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await _coordinator.CommitAsync(group, new CommitAttempt("", null, -1, [new PartitionCommit(new TopicPartition("t", member), Guid.Empty, i, -1, "", null)]));
            }
        }))));
        var before = groups.Select(Offsets).ToList();
        before.ShouldAllBe(offsets => offsets == "39 39 39 39 39");
        await RestartAsync();
        groups.Select(Offsets).ShouldBe(before);
    }

    private string Offsets(string group) => string.Join(' ', _coordinator.FetchOffsets(group, null).OrderBy(offset => offset.Key.Partition).Select(offset => offset.Value!.Offset));

    private async Task<string> StableAsync()
    {
        var joined = await _coordinator.JoinAsync(Id, Attempt(""));
        joined.Error.ShouldBe(ErrorCode.None);
        var assignments = new Dictionary<string, byte[]> { [joined.MemberId] = [1] };
        (await _coordinator.SyncAsync(Id, new SyncAttempt(joined.MemberId, null, joined.Generation, assignments))).Error.ShouldBe(ErrorCode.None);
        return joined.MemberId;
    }

    private static JoinAttempt Attempt(string memberId) => new()
    {
        MemberId = memberId,
        ProtocolType = "consumer",
        Protocols = [new GroupProtocol("range", [0, 0, 0, 0, 0, 1, 0, 6, .. "orders"u8, 255, 255, 255, 255])],
        SessionTimeout = GroupScenario.Session,
        RebalanceTimeout = GroupScenario.Rebalance,
    };

    private Task<ErrorCode> CommitAsync(params (TopicPartition Partition, long Offset)[] offsets) => CommitAsync("", -1, offsets);

    private Task<ErrorCode> CommitAsync(string member, int generation, params (TopicPartition Partition, long Offset)[] offsets) => _coordinator.CommitAsync(Id, new CommitAttempt(
        member, null, generation, [.. offsets.Select(offset => new PartitionCommit(offset.Partition, Guid.Empty, offset.Offset, -1, "", null))]));

    private long? Offset(TopicPartition partition) => _coordinator.FetchOffsets(Id, [partition]).ShouldHaveSingleItem().Value?.Offset;

    private void BeatThrough(string member, TimeSpan time)
    {
        var step = GroupScenario.Session * 0.9;
        for (var left = time; left > TimeSpan.Zero; left -= step)
        {
            _time.Advance(step);
            _coordinator.Heartbeat(Id, member, null, 1).ShouldBe(ErrorCode.None);
        }
    }

    private async ValueTask StartAsync(Func<TopicPartition, Guid, bool>? isGone = null)
    {
        _timers = new TimerQueue(_time);
        _logs = LogManager.Open(_directory.Path, new LogManagerOptions(), NullLogger.Instance, _time, CancellationToken.None);
        _logs.Start();
        var name = new TopicPartition("__consumer_offsets", 0);
        var config = new LogConfig { CleanupPolicy = CleanupPolicy.Compact, FlushMessages = _flushMessages };
        var existing = _logs.Find(name);
        existing?.UpdateConfig(config);
        var partition = new Lazy<PartitionLog>(() => existing ?? _logs.Create(name, Guid.NewGuid(), config));
        var log = new OffsetsLog(() => new([partition.Value]), NullLogger.Instance);
        _coordinator = new GroupCoordinator(_options, log, _timers, _time, NullLogger.Instance);
        await _coordinator.StartAsync(existing is null ? [] : [existing], isGone ?? ((_, _) => false));
    }

    private async ValueTask StopAsync()
    {
        _coordinator.Dispose();
        _timers.Dispose();
        await _logs.DisposeAsync();
    }

    private async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }
}
