using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance;

/// <summary>kafkajs: another implementation of the protocol, without flexible versions.</summary>
public abstract class KafkaJsTests(TestedBroker broker)
{
    [Fact]
    public async Task A_whole_conversation_is_answered_as_by_Apache_Kafka()
    {
        await NodeConversation.IsAnsweredAsync(NodeClient.KafkaJs, "conversation.mjs", broker, """
            {
              "created": true,
              "createdAgain": false,
              "sent": [
                { "partition": 0, "errorCode": 0, "baseOffset": "0" },
                { "partition": 1, "errorCode": 0, "baseOffset": "0" }
              ],
              "read": [
                { "partition": 0, "offset": "0", "key": "가람", "value": "강", "headers": { "lang": "ko" } },
                { "partition": 0, "offset": "1", "key": "tombstone", "value": null, "headers": {} },
                { "partition": 1, "offset": "0", "key": "b", "value": "1", "headers": {} }
              ],
              "groupOffsets": [
                { "partition": 0, "offset": "2", "metadata": null },
                { "partition": 1, "offset": "1", "metadata": null }
              ],
              "readAfterwards": [
                { "partition": 1, "offset": "1", "key": "c", "value": "2", "headers": {} }
              ],
              "topicOffsets": [
                { "partition": 0, "offset": "2", "high": "2", "low": "0" },
                { "partition": 1, "offset": "2", "high": "2", "low": "0" }
              ],
              "offsetsOfTime": [
                { "partition": 0, "offset": "0" },
                { "partition": 1, "offset": "0" }
              ],
              "knowsItself": true,
              "group": { "state": "Empty", "protocolType": "consumer", "members": 0 },
              "listed": true,
              "retention": [{ "configName": "retention.ms", "configValue": "86400000", "isDefault": false }],
              "topicIsGone": true
            }
            """);
    }

    [Fact]
    public async Task Two_members_share_a_group_and_an_administrator_changes_everything_that_may_be_changed()
    {
        await NodeConversation.IsAnsweredAsync(NodeClient.KafkaJs, "administration.mjs", broker, """
            {
              "sent": ["0@0", "1@0", "2@0", "3@0"],
              "whileItLives": { "state": "Stable", "protocol": "RoundRobinAssigner", "partitions": [2, 2], "deleted": "NON_EMPTY_GROUP" },
              "values": true,
              "committed": ["0@15", "1@15", "2@15", "3@15"],
              "deletedTooMuch": "KafkaJSNonRetriableError: Error while deleting records",
              "offsets": ["0: 4 to 15", "1: 15 to 15", "2: 0 to 15", "3: 0 to 15"],
              "set": ["0@15", "1@15", "2@7", "3@15"],
              "reset": ["0@4", "1@15", "2@0", "3@0"],
              "badSetting": "INVALID_CONFIG",
              "settings": [
                { "configName": "cleanup.policy", "configValue": "delete", "isDefault": true },
                { "configName": "retention.ms", "configValue": "1000000", "isDefault": false }
              ],
              "fewerPartitions": "INVALID_PARTITIONS",
              "deletedGroups": [0],
              "deletedAgain": "GROUP_ID_NOT_FOUND",
              "topicIsGone": true
            }
            """);
    }
}

public sealed class KafkaJsOnGaramTests(GaramBroker broker) : KafkaJsTests(broker);

public sealed class KafkaJsOnApacheKafkaTests(ApacheKafka broker) : KafkaJsTests(broker);
