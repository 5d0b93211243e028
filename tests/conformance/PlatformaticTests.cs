using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance;

/// <summary>@platformatic/kafka: a young implementation that speaks flexible versions only, the newest that it finds.</summary>
public abstract class PlatformaticTests(TestedBroker broker)
{
    [Fact]
    public async Task Records_in_every_codec_two_members_and_an_administrator_are_answered_as_by_Apache_Kafka()
    {
        await NodeConversation.IsAnsweredAsync(NodeClient.Platformatic, "conversation.mjs", broker, """
            {
              "created": [{ "named": true, "partitions": 4 }],
              "createdAgain": "TOPIC_ALREADY_EXISTS",
              "sent": ["0@0", "1@0", "2@0", "3@0", "0@3"],
              "codecs": ["gzip", "lz4", "none", "snappy", "zstd"],
              "numbers": 40,
              "whileItLives": { "state": "Stable", "members": 2, "deleted": "NON_EMPTY_GROUP" },
              "committed": ["0@21", "1@18", "2@18", "3@18"],
              "ends": ["0@21", "1@18", "2@18", "3@18"],
              "deletedRecords": ["1@3"],
              "movedBack": ["2@1", "3@18"],
              "badSetting": "INVALID_CONFIG",
              "settings": [
                { "name": "cleanup.policy", "value": "delete", "configSource": 5 },
                { "name": "retention.ms", "value": "1000000", "configSource": 1 }
              ],
              "fewerPartitions": "INVALID_PARTITIONS",
              "listed": "Empty",
              "deletedAgain": "GROUP_ID_NOT_FOUND",
              "topicIsGone": true
            }
            """);
    }
}

public sealed class PlatformaticOnGaramTests(GaramBroker broker) : PlatformaticTests(broker);

public sealed class PlatformaticOnApacheKafkaTests(ApacheKafka broker) : PlatformaticTests(broker);
