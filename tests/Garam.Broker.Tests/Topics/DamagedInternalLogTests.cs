using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Topics;

/// <summary>Bits change on disks. Damage in what the broker keeps for itself takes nothing away that clients have stored, and keeps nobody from being served.</summary>
public sealed class DamagedInternalLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_damaged_end_of_the_metadata_makes_partitions_strays_and_deletes_nothing()
    {
        await FillAsync();
        CrashWithoutRecoveryPoints();
        Flip(Segment("__metadata-0"), ^3);
        for (var start = 0; start < 3; start++)
        {
            await using var broker = await TestBroker.StartAsync(_directory.Options);
            StrayOf("precious").ShouldNotBeNull();
            broker.Broker.Problems.Single(problem => problem.Subject == "stray partitions").Message.ShouldContain(Path.GetFileName(StrayOf("precious"))!);
            (await broker.MetadataAsync(autoCreate: false, "first")).Topics[0].ErrorCode.ShouldBe(ErrorCode.None, "what the log still says is served");
        }
        Directory.GetFiles(Path.Combine(_directory.Path, "__metadata-0"), "*.truncated").ShouldHaveSingleItem("the bytes that were removed are kept");
    }

    [Fact]
    public async Task A_stray_partition_is_restored_as_the_documentation_says()
    {
        await FillAsync();
        CrashWithoutRecoveryPoints();
        Flip(Segment("__metadata-0"), ^3);
        await using (var broker = await TestBroker.StartAsync(_directory.Options)) await broker.CreateAsync("precious");
        var (stray, partition) = (StrayOf("precious")!, Path.Combine(_directory.Path, "precious-0"));
        Directory.Delete(partition, recursive: true);
        File.Delete(Path.Combine(stray, "partition.metadata"));
        Directory.Move(stray, partition);
        await using (var broker = await TestBroker.StartAsync(_directory.Options))
        {
            TestBroker.Values((await broker.FetchAsync("precious", 0)).Records).ShouldBe(["keep me"]);
            broker.Broker.Problems.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Damage_in_the_middle_of_the_metadata_hides_only_what_was_written_there()
    {
        await FillAsync();
        var segment = Segment("__metadata-0");
        Flip(segment, IndexOf(segment, "topic:precious") + 20);
        await using (var broker = await TestBroker.StartAsync(_directory.Options))
        {
            broker.Broker.Problems.Select(problem => problem.Subject).ShouldBe(["metadata", "stray partitions"]);
            StrayOf("precious").ShouldNotBeNull();
            TestBroker.Values((await broker.FetchAsync("last", 0)).Records).ShouldBe(["too"]);
            var id = await broker.Client.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(ApiKey.InitProducerId, 4, new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 1000, ProducerId = -1, ProducerEpoch = -1 });
            id.ErrorCode.ShouldBe(ErrorCode.None);
            id.ProducerId.ShouldBeGreaterThan(1_000_000, "ids that the missing records may have given away are not given again");
        }
    }

    [Fact]
    public async Task A_deleted_topic_is_removed_when_the_log_says_so_and_kept_when_the_log_was_truncated()
    {
        await FillAsync();
        var copy = Path.Combine(_directory.Path, "..", Path.GetFileName(_directory.Path) + "-copy");
        Directory.Move(Path.Combine(_directory.Path, "precious-0"), copy);
        await using (var broker = await TestBroker.StartAsync(_directory.Options)) (await broker.DeleteAsync("precious")).ErrorCode.ShouldBe(ErrorCode.None);
        foreach (var left in Directory.GetDirectories(_directory.Path, "precious-0*")) Directory.Delete(left, recursive: true);
        Directory.Move(copy, Path.Combine(_directory.Path, "precious-0")); // as if the process had died before the directory was removed
        File.Delete(Path.Combine(_directory.Path, ".kafka_cleanshutdown"));
        using (var log = new FileStream(Segment("__metadata-0"), FileMode.Append)) log.Write([1, 2, 3]);
        await using (var broker = await TestBroker.StartAsync(_directory.Options)) StrayOf("precious").ShouldNotBeNull("nothing is removed by a start that has truncated the metadata");
        Directory.Move(StrayOf("precious")!, Path.Combine(_directory.Path, "precious-0"));
        await using (var broker = await TestBroker.StartAsync(_directory.Options))
        {
            StrayOf("precious").ShouldBeNull();
            Directory.Exists(Path.Combine(_directory.Path, "precious-0")).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(17)] // the attributes: only the checksum tells
    [InlineData(9)] // the length: the frame of the batch is lost
    [InlineData(80)]
    public async Task A_flipped_byte_in_the_committed_offsets_costs_these_offsets_and_nothing_else(int at)
    {
        await using (var broker = await TestBroker.StartAsync(_directory.Options))
        {
            await broker.CreateAsync("orders");
            await broker.ProduceAsync("orders", "kept");
            for (var group = 0; group < 5; group++) await CommitAsync(broker, $"group-{group}", group + 10);
        }
        var segment = Segment("__consumer_offsets-0");
        var bytes = await File.ReadAllBytesAsync(segment);
        Flip(segment, BatchWith(segment, "group-2") + at);
        var damaged = await File.ReadAllBytesAsync(segment);
        for (var start = 0; start < 2; start++)
        {
            await using var broker = await TestBroker.StartAsync(_directory.Options);
            TestBroker.Values((await broker.FetchAsync("orders", 0)).Records).ShouldBe(["kept"]);
            for (var group = 0; group < 5; group++) (await CommittedAsync(broker, $"group-{group}")).ShouldBe(group == 2 ? -1 : group + 10);
            broker.Broker.Problems.ShouldHaveSingleItem().Subject.ShouldBe("partition __consumer_offsets-0");
        }
        (await File.ReadAllBytesAsync(segment))[..bytes.Length].ShouldBe(damaged, "the damaged bytes are kept");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(23)]
    [InlineData(27)]
    [InlineData(43)]
    [InlineData(80)]
    public async Task A_flipped_byte_in_the_first_record_of_the_metadata_leaves_the_cluster_its_id_and_its_topics(int at)
    {
        await FillAsync();
        string? id;
        await using (var broker = await TestBroker.StartAsync(_directory.Options)) id = (await broker.MetadataAsync(autoCreate: false, "first")).ClusterId;
        Flip(Segment("__metadata-0"), at, 0x80);
        for (var start = 0; start < 2; start++)
        {
            await using var broker = await TestBroker.StartAsync(_directory.Options);
            (await broker.MetadataAsync(autoCreate: false, "first")).ClusterId.ShouldBe(id);
            TestBroker.Values((await broker.FetchAsync("precious", 0)).Records).ShouldBe(["keep me"]);
            Directory.GetFiles(Path.Combine(_directory.Path, "__metadata-0"), "*.truncated").ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_cluster_whose_id_is_lost_gets_another_one_and_keeps_its_topics()
    {
        await FillAsync();
        var segment = Segment("__metadata-0");
        Flip(segment, BatchWith(segment, "cluster") + 27);
        Flip(segment, BatchWith(segment, "cluster", number: 2) + 27);
        await using var broker = await TestBroker.StartAsync(_directory.Options);
        (await broker.MetadataAsync(autoCreate: false, "first")).ClusterId!.Length.ShouldBe(22);
        TestBroker.Values((await broker.FetchAsync("precious", 0)).Records).ShouldBe(["keep me"]);
        StrayOf("precious").ShouldBeNull();
        broker.Broker.Problems.ShouldHaveSingleItem().Subject.ShouldBe("metadata");
    }

    [Theory]
    [InlineData("__metadata-0", 27, 0x01)]
    [InlineData("__metadata-0", 27, 0x80)]
    [InlineData("precious-0", 3, 0x01)]
    [InlineData("precious-0", 12, 0x04)]
    [InlineData("precious-0", 27, 0x01)]
    [InlineData("precious-0", 27, 0x80)]
    [InlineData("precious-0", 27, 0x60)]
    [InlineData("precious-0", 43, 0x02)]
    public async Task A_damaged_partition_metadata_is_written_again_from_the_metadata(string partition, int at, byte bits)
    {
        await FillAsync();
        var file = Path.Combine(_directory.Path, partition, "partition.metadata");
        var before = await File.ReadAllTextAsync(file);
        Flip(file, at, bits);
        await using var broker = await TestBroker.StartAsync(_directory.Options);
        TestBroker.Values((await broker.FetchAsync("precious", 0)).Records).ShouldBe(["keep me"]);
        broker.Broker.Problems.ShouldBeEmpty();
        if (partition == "precious-0" && at > 10) (await File.ReadAllTextAsync(file)).ShouldBe(before);
    }

    [Theory]
    [InlineData("__metadata-0", 7, 0x80)]
    [InlineData("__metadata-0", 4, 0x80)]
    [InlineData("__consumer_offsets-0", 7, 0x80)]
    [InlineData("__consumer_offsets-0", 4, 0x80)]
    public async Task A_flipped_base_offset_in_an_internal_log_costs_nothing_after_a_clean_stop(string partition, int at, byte bits)
    {
        await FillAsync();
        await using (var broker = await TestBroker.StartAsync(_directory.Options))
        {
            await broker.CreateAsync("orders");
            for (var group = 0; group < 3; group++) await CommitAsync(broker, $"group-{group}", group + 10);
        }
        var size = new FileInfo(Segment(partition)).Length;
        Flip(Segment(partition), at, bits);
        for (var start = 0; start < 2; start++)
        {
            await using var broker = await TestBroker.StartAsync(_directory.Options);
            for (var group = 0; group < 3; group++) (await CommittedAsync(broker, $"group-{group}")).ShouldBe(group + 10);
            TestBroker.Values((await broker.FetchAsync("precious", 0)).Records).ShouldBe(["keep me"]);
            broker.Broker.Problems.ShouldBeEmpty();
        }
        new FileInfo(Segment(partition)).Length.ShouldBeGreaterThanOrEqualTo(size);
    }

    private async Task FillAsync()
    {
        await using var broker = await TestBroker.StartAsync(_directory.Options);
        await broker.CreateAsync("first");
        if (TestContext.Current.TestMethod!.MethodName.Contains("middle", StringComparison.Ordinal)) await CreateWithLastAsync(broker);
        else await broker.CreateAsync("precious");
        await broker.ProduceAsync("precious", "keep me");
    }

    private static async Task CreateWithLastAsync(TestBroker broker)
    {
        await broker.CreateAsync("precious");
        await broker.CreateAsync("last");
        await broker.ProduceAsync("last", "too");
    }

    private void CrashWithoutRecoveryPoints()
    {
        File.Delete(Path.Combine(_directory.Path, ".kafka_cleanshutdown"));
        File.Delete(Path.Combine(_directory.Path, "recovery-point-offset-checkpoint"));
    }

    private string Segment(string partition) => Directory.GetFiles(Path.Combine(_directory.Path, partition), "*.log").ShouldHaveSingleItem();

    private string? StrayOf(string topic) => Directory.GetDirectories(_directory.Path, $"{topic}-0.*-stray").SingleOrDefault();

    private static int IndexOf(string file, string text) => File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>The position of the batch that contains a text.</summary>
    private static int BatchWith(string file, string text, int number = 1)
    {
        var (bytes, position) = (File.ReadAllBytes(file), 0);
        while (Garam.Kafka.Records.RecordBatch.TryRead(bytes.AsSpan(position), out var batch))
        {
            if (batch.Bytes.IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0 && --number == 0) break;
            position += batch.Bytes.Length;
        }
        return position;
    }

    private static void Flip(string file, Index at, byte bits = 1)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at] ^= bits;
        File.WriteAllBytes(file, bytes);
    }

    private static Task<OffsetCommitResponse> CommitAsync(TestBroker broker, string group, long offset) =>
        broker.Client.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, 8, new OffsetCommitRequest
        {
            GroupId = group,
            Topics = [new() { Name = "orders", Partitions = [new() { CommittedOffset = offset }] }],
        });

    private static async Task<long> CommittedAsync(TestBroker broker, string group) =>
        (await broker.Client.CallAsync<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch, 7, new OffsetFetchRequest
        {
            GroupId = group,
            Topics = [new() { Name = "orders", PartitionIndexes = [0] }],
        })).Topics.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem().CommittedOffset;
}
