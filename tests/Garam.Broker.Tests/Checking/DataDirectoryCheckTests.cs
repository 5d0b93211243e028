using Garam.Broker.Checking;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Checking;

/// <summary>What a stopped broker has stored is read whole, and damage is found wherever it is.</summary>
public sealed class DataDirectoryCheckTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Everything_that_a_broker_has_stored_is_intact_and_counted()
    {
        await FillAsync();
        var checks = Check();
        checks.SelectMany(check => check.Faults).ShouldBeEmpty();
        checks.Select(check => check.Directory).ShouldBe(["__metadata-0", "__consumer_offsets-0", "orders-0", "orders-1"]);
        var orders = checks.Single(check => check.Directory == "orders-0");
        (orders.Kind, orders.Records, orders.Batches, orders.FirstOffset, orders.EndOffset).ShouldBe((PartitionKind.Topic, 30, 10, 0, 30));
        checks.Single(check => check.Directory == "orders-1").FirstOffset.ShouldBeNull();
    }

    [Theory]
    [InlineData("orders-0")]
    [InlineData("__metadata-0")]
    [InlineData("__consumer_offsets-0")]
    public async Task A_flipped_bit_is_found_wherever_the_checksum_covers_it(string partition)
    {
        await FillAsync();
        var segment = Directory.GetFiles(Path.Combine(_directory.Path, partition), "*.log").ShouldHaveSingleItem();
        var intact = await File.ReadAllBytesAsync(segment);
        var whole = Check().Single(check => check.Directory == partition).Batches;
        foreach (var at in new[] { 10, 16, 40, 61, intact.Length / 2, intact.Length - 1 })
        {
            var bytes = (byte[])intact.Clone();
            bytes[at] ^= 4;
            await File.WriteAllBytesAsync(segment, bytes);
            var checks = Check();
            checks.Where(check => check.Faults.Count > 0).Select(check => check.Directory).ShouldContain(partition, $"byte {at}");
            checks.Single(check => check.Directory == partition).Batches.ShouldBe(whole - 1, "only the batch that is damaged is not read");
        }
    }

    [Fact]
    public async Task Compressed_batches_are_decoded_too()
    {
        await using (var broker = await TestBroker.StartAsync(_directory.Options))
        {
            await broker.CreateAsync("orders", 1, ("compression.type", "gzip"));
            await broker.ProduceAsync("orders", "a", "b", "c");
        }
        Check().Single(check => check.Directory == "orders-0").ShouldSatisfyAllConditions(check => check.Records.ShouldBe(3), check => check.Faults.ShouldBeEmpty());
    }

    [Fact]
    public async Task Partitions_that_the_metadata_does_not_name_are_strays_and_those_that_are_gone_are_missing()
    {
        await FillAsync();
        Directory.Move(Path.Combine(_directory.Path, "orders-0"), Path.Combine(_directory.Path, "unknown-0"));
        var checks = Check();
        checks.Single(check => check.Directory == "unknown-0").ShouldSatisfyAllConditions(check => check.Kind.ShouldBe(PartitionKind.Stray), check => check.Records.ShouldBe(30));
        checks.Single(check => check.Directory == "orders-0").Faults.ShouldHaveSingleItem().ShouldContain("missing");
    }

    [Fact]
    public async Task A_directory_that_a_broker_uses_or_that_is_no_broker_s_is_refused()
    {
        Should.Throw<IOException>(Check).Message.ShouldContain("is not the data directory of a broker");
        await using var broker = await TestBroker.StartAsync(_directory.Options);
        Should.Throw<IOException>(Check).Message.ShouldContain("is used by another broker");
        Should.Throw<IOException>(() => DataDirectoryCheck.Read(Path.Combine(_directory.Path, "none")).ToList()).Message.ShouldContain("There is no directory");
    }

    private List<PartitionCheck> Check() => [.. DataDirectoryCheck.Read(_directory.Path)];

    private async Task FillAsync()
    {
        await using var broker = await TestBroker.StartAsync(_directory.Options);
        await broker.CreateAsync("orders", 2);
        for (var batch = 0; batch < 10; batch++) await broker.ProduceAsync("orders", $"a {batch}", $"b {batch}", $"c {batch}");
        await broker.Client.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, 8, new OffsetCommitRequest
        {
            GroupId = "group",
            Topics = [new() { Name = "orders", Partitions = [new() { CommittedOffset = 7 }] }],
        });
    }
}
