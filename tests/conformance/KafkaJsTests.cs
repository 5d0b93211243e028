using System.Text.Json.Nodes;
using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance;

/// <summary>kafkajs: another implementation of the protocol, without flexible versions.</summary>
public abstract class KafkaJsTests(TestedBroker broker)
{
    [Fact]
    public async Task A_whole_conversation_is_answered_as_by_Apache_Kafka()
    {
        KafkaJs.Require();
        var bootstrap = await broker.BootstrapServersAsync();
        var name = $"kafkajs-{Guid.NewGuid():n}";

        var answers = JsonNode.Parse((await KafkaJs.RunAsync("conversation.mjs", bootstrap, name)).Output);

        var expected = JsonNode.Parse("""
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
        answers!.ToJsonString().ShouldBe(expected!.ToJsonString());
    }
}

public sealed class KafkaJsOnGaramTests(GaramBroker broker) : KafkaJsTests(broker);

public sealed class KafkaJsOnApacheKafkaTests(ApacheKafka broker) : KafkaJsTests(broker);
