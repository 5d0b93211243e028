using System.Text;
using Garam.Broker.Log;
using Garam.Broker.Topics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests.Topics;

public sealed class MetadataFormatTests
{
    [Fact]
    public async Task Records_are_what_the_page_of_the_format_says()
    {
        using var directory = new TemporaryDirectory();
        Guid orders;
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            orders = (await broker.CreateAsync("orders", 3, ("retention.ms", "-1"))).TopicId;
            await broker.CreateAsync("gone");
            await broker.DeleteAsync("gone");
            await broker.Client.CallAsync<Garam.Kafka.Messages.InitProducerIdRequest, Garam.Kafka.Messages.InitProducerIdResponse>(
                Garam.Kafka.ApiKey.InitProducerId, 4, new() { TransactionalId = null });
        }

        var records = new List<string>();
        await using var logs = LogManager.Open(directory.Path, new LogManagerOptions(), NullLogger.Instance, TimeProvider.System, TestContext.Current.CancellationToken);
        LogReplay.Replay(logs.Find(new TopicPartition(TopicName.Metadata, 0))!, (in Garam.Kafka.Records.Record record) =>
            records.Add($"{Encoding.UTF8.GetString(record.Key)} {(record.HasValue ? Encoding.UTF8.GetString(record.Value) : "deleted")}"));

        records.Count.ShouldBe(6);
        records[0].ShouldMatch("""^cluster \{"id":"[A-Za-z0-9_-]{22}"\}$""");
        records[1].ShouldBe(records[0], "damage to one of them leaves the other");
        records[2].ShouldBe($$$"""topic:orders {"id":"{{{orders}}}","partitions":3,"configs":{"retention.ms":"-1"}}""");
        records[3].ShouldMatch("""^topic:gone \{"id":"[0-9a-f-]{36}","partitions":1,"configs":\{\}\}$""");
        records[4].ShouldBe("topic:gone deleted");
        records[5].ShouldBe("""producer-ids {"next":1000}""");
    }
}
