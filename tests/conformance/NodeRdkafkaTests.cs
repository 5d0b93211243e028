using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance;

/// <summary>node-rdkafka: librdkafka in its newest version, compiled by npm, under an event loop.</summary>
public abstract class NodeRdkafkaTests(TestedBroker broker)
{
    [Fact]
    public async Task A_whole_conversation_is_answered_as_by_Apache_Kafka()
    {
        await NodeConversation.IsAnsweredAsync(NodeClient.NodeRdkafka, "conversation.mjs", broker, """
            {
              "librdkafka": true,
              "created": "done",
              "createdAgain": 36,
              "delivered": 40,
              "lastDelivered": ["0@9", "1@9", "2@9", "3@9"],
              "values": true,
              "committed": ["0@15", "1@15", "2@15", "3@15"],
              "watermarks": { "lowOffset": 0, "highOffset": 15 },
              "ofTime": ["2@0"],
              "grown": "done",
              "fewerPartitions": 37,
              "partitions": 5,
              "deleted": "done",
              "deletedAgain": 3
            }
            """);
    }
}

public sealed class NodeRdkafkaOnGaramTests(GaramBroker broker) : NodeRdkafkaTests(broker);

public sealed class NodeRdkafkaOnApacheKafkaTests(ApacheKafka broker) : NodeRdkafkaTests(broker);
