using Garam.Broker.Log;
using Garam.Broker.Tests.Log;
using Garam.Broker.Topics;
using Garam.Kafka;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>
/// The kernel writes dirty pages back in its own time, and reports an error of that to the handles that are open. A handle that is closed before the data is synced may take the
/// report with it: the next sync, through another handle, succeeds.
/// </summary>
public sealed class OpenHandleTests
{
    [Fact]
    public void No_file_of_batches_is_closed_before_what_was_written_to_it_is_synced()
    {
        var clock = new TestClock();
        var disk = new SimulatedDisk(new DirectoryNode { Entries = { ["data"] = new DirectoryNode() } });
        var broker = BrokerOnDisk.Start(disk, clock);
        var topic = new NewTopic("topic", 1, new Dictionary<string, string> { ["segment.bytes"] = "2000", ["flush.messages"] = $"{long.MaxValue}", ["retention.ms"] = "-1" });
        broker.Wait(broker.Topics.CreateAsync(topic, validateOnly: false, CancellationToken.None).AsTask()).Error.ShouldBe(ErrorCode.None);
        var log = broker.Find("topic")!;
        for (var batch = 0; batch < 200; batch++)
        {
            log.Append(Batches.Of($"value {batch}"), AppendOrigin.Broker).Error.ShouldBe(ErrorCode.None);
            if (batch % 17 == 0)
            {
                broker.FlushQueued();
            }
            if (batch % 31 == 0)
            {
                clock.Advance(TimeSpan.FromMinutes(2));
            }
        }
        log.Rest();
        log.Rest();
        disk.ClosedUnsynced.Where(path => path.EndsWith(LogSegment.LogExtension, StringComparison.Ordinal)).ShouldBeEmpty();
        broker.Stop();
    }
}
