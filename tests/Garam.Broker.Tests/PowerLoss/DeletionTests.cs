using Garam.Broker.Groups;
using Garam.Broker.Log;
using Garam.Broker.Tests.Log;
using Garam.Broker.Topics;
using Garam.Kafka;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>A topic is deleted while something else is in the middle of its work, or while the disk refuses.</summary>
public sealed class DeletionTests
{
    private const string Group = "group";
    private static readonly TopicPartition Orders = new("orders", 0);

    private readonly TestClock _clock = new();
    private readonly SimulatedDisk _disk = new(new DirectoryNode { Entries = { ["data"] = new DirectoryNode() } });

    [Fact]
    public void A_directory_that_cannot_be_removed_does_not_keep_the_deletion_from_being_told()
    {
        var broker = BrokerOnDisk.Start(_disk, _clock);
        var topic = Create(broker, partitions: 3);
        var told = new List<Topic>();
        broker.Topics.Deleted += told.Add;
        broker.Wait(broker.Groups.CommitAsync(Group, Commit(topic, 5))).ShouldBe(ErrorCode.None);

        _disk.Failure = step => step is Rename { Name: "orders-0" } ? new IOException("Input/output error") : null;
        Delete(broker, topic);
        told.ShouldHaveSingleItem().Id.ShouldBe(topic.Id);
        Committed(broker).ShouldBeNull();
        broker.Logs.Problems.All.ShouldContain(problem => problem.Subject == "files of orders-0");
        _disk.Directories(BrokerOnDisk.Path).ShouldNotContain(BrokerOnDisk.Path + "/orders-1", "the others are removed");

        _disk.Failure = null;
        Create(broker, partitions: 3);
        broker.Find("orders")!.LogEndOffset.ShouldBe(0);
        broker.Stop();
    }

    [Fact]
    public void A_directory_that_could_not_be_removed_is_removed_by_the_next_start()
    {
        var broker = BrokerOnDisk.Start(_disk, _clock);
        var topic = Create(broker);
        _disk.Failure = step => step is Rename { Name: "orders-0" } ? new IOException("Input/output error") : null;
        Delete(broker, topic);
        _disk.Failure = null;
        broker.Kill();
        broker = BrokerOnDisk.Start(_disk, _clock);
        _disk.Directories(BrokerOnDisk.Path).ShouldNotContain(BrokerOnDisk.Path + "/orders-0");
        broker.Logs.StrayDirectories.ShouldBeEmpty("the log says that it was deleted");
        broker.Stop();
    }

    [Fact]
    public void A_read_that_a_deletion_overtakes_is_told_to_look_for_the_topic_again()
    {
        var broker = BrokerOnDisk.Start(_disk, _clock);
        var topic = Create(broker);
        var log = broker.Find("orders")!;
        log.Append(Batches.Of("value"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        broker.FlushQueued();
        broker.Stop();
        broker = BrokerOnDisk.Start(_disk, _clock);
        log = broker.Find("orders")!;
        _disk.Opening = path =>
        {
            if (path.EndsWith(LogSegment.LogExtension, StringComparison.Ordinal) && !log.IsClosed)
            {
                broker.Logs.Delete(log.Name);
            }
        };
        log.Read(0, IsolationLevel.ReadUncommitted, new byte[1000]).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
        log.IsClosed.ShouldBeTrue("the deletion came in the middle of the read");
    }

    [Fact]
    public void A_commit_that_waits_for_the_disk_while_its_topic_is_deleted_is_never_seen()
    {
        var broker = BrokerOnDisk.Start(_disk, _clock);
        var topic = Create(broker);
        broker.Wait(broker.Groups.CommitAsync("another", Commit(topic, 1))); // the offsets topic exists from here on
        var commit = broker.Groups.CommitAsync(Group, Commit(topic, 500));
        commit.IsCompleted.ShouldBeFalse();
        broker.Groups.ForgetTopics((partition, id) => id == topic.Id);
        broker.Wait(commit).ShouldBe(ErrorCode.None);
        Committed(broker).ShouldBeNull();
        Restart(ref broker);
        Committed(broker).ShouldBeNull("the log has a tombstone after the commit");
        broker.Stop();
    }

    [Fact]
    public void A_commit_that_comes_after_its_topic_was_deleted_is_never_seen()
    {
        var broker = BrokerOnDisk.Start(_disk, _clock);
        var topic = Create(broker);
        Delete(broker, topic);
        var second = Create(broker);
        broker.Wait(broker.Groups.CommitAsync(Group, Commit(topic, 500))).ShouldBe(ErrorCode.None);
        Committed(broker).ShouldBeNull();
        broker.Wait(broker.Groups.CommitAsync(Group, Commit(second, 7))).ShouldBe(ErrorCode.None);
        Committed(broker).ShouldBe(7);
        broker.Stop();
    }

    [Fact]
    public void Offsets_of_a_deleted_topic_are_not_seen_while_the_first_commit_of_its_successor_waits_for_the_disk()
    {
        var offsets = new GroupOffsets();
        var (old, made) = (Guid.NewGuid(), Guid.NewGuid());
        offsets.Reserve(Orders, old).Show(new CommittedOffset(500, -1, "", 0, -1, old), 1);
        var entry = offsets.Reserve(Orders, made);
        offsets.TryGet(Orders, out _).ShouldBeFalse();
        entry.Show(new CommittedOffset(7, -1, "", 0, -1, made), 2);
        offsets.TryGet(Orders, out var committed).ShouldBeTrue();
        committed!.Offset.ShouldBe(7);
    }

    [Fact]
    public void A_commit_that_fails_does_not_take_away_the_place_of_one_that_waits_for_the_disk()
    {
        var offsets = new GroupOffsets();
        var first = offsets.Reserve(Orders, Guid.Empty);
        offsets.Cancel(Orders, offsets.Reserve(Orders, Guid.Empty));
        first.Show(new CommittedOffset(7, -1, "", 0, -1, Guid.Empty), 1);
        offsets.TryGet(Orders, out var committed).ShouldBeTrue("it was acknowledged");
        committed!.Offset.ShouldBe(7);
        offsets.Remove(Orders);
        offsets.Cancel(Orders, offsets.Reserve(Orders, Guid.Empty));
        offsets.IsEmpty.ShouldBeTrue();
    }

    private void Restart(ref BrokerOnDisk broker)
    {
        broker.Kill();
        broker = BrokerOnDisk.Start(_disk, _clock);
    }

    private static Topic Create(BrokerOnDisk broker, int partitions = 1)
    {
        var made = broker.Wait(broker.Topics.CreateAsync(new NewTopic("orders", partitions, new Dictionary<string, string>()), validateOnly: false, CancellationToken.None).AsTask());
        made.Error.ShouldBe(ErrorCode.None);
        return made.Topic!;
    }

    private static void Delete(BrokerOnDisk broker, Topic topic) =>
        broker.Wait(broker.Topics.DeleteAsync(topic, CancellationToken.None).AsTask()).Error.ShouldBe(ErrorCode.None);

    private static CommitAttempt Commit(Topic topic, long offset) => new("", null, -1, [new PartitionCommit(Orders, topic.Id, offset, -1, "", null)]);

    private static long? Committed(BrokerOnDisk broker) => broker.Groups.FetchOffsets(Group, [Orders]).Single().Value?.Offset;
}
