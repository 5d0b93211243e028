using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

public sealed class ConnectionAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    [Fact]
    public Task ApiVersions_is_answered_in_every_version_and_in_one_that_nobody_knows() => CompareAsync(async (client, transcript) =>
    {
        foreach (var version in Versions(ApiKey.ApiVersions))
        {
            var answer = await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(
                new() { ClientSoftwareName = "differential", ClientSoftwareVersion = "1.0" }, version);
            transcript.Add($"v{version}", answer.ErrorCode);
            transcript.Add($"v{version} produce", answer.ApiKeys.Single(api => api.ApiKey == (short)ApiKey.Produce));
        }
        var wrongName = await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(
            new() { ClientSoftwareName = "no spaces please", ClientSoftwareVersion = "1.0" }, 3);
        transcript.Add("a name that is none", wrongName.ErrorCode);

        // key 18, version 99, correlation id 7, client id "a", no tagged fields, then what version 99 may have
        await client.SendAsync(Convert.FromHexString("0000000f" + "0012" + "0063" + "00000007" + "0001" + "61" + "00" + "ffffff"));
        transcript.Add("v99", Convert.ToHexString(await client.ReadFrameAsync())[..12]);
    });

    [Theory]
    [InlineData("an api that is none", "0000000a" + "7fff" + "0000" + "00000001" + "ffff")]
    [InlineData("a version that is none", "0000000a" + "0003" + "0063" + "00000001" + "ffff")]
    [InlineData("a controller's api", "0000000a" + "0004" + "0000" + "00000001" + "ffff")]
    [InlineData("a negative size", "ffffffff")]
    [InlineData("a huge size", "7fffffff")]
    [InlineData("a size of nothing", "00000000")]
    [InlineData("a web browser", "474554202f20485454502f312e310d0a0d0a")]
    [InlineData("a TLS greeting", "16030100c8010000c40303")]
    [InlineData("a body that is cut", "0000000d" + "0003" + "0001" + "00000001" + "ffff" + "000000")]
    [InlineData("a body with an array longer than itself", "0000000e" + "0003" + "0001" + "00000001" + "ffff" + "7fffffff")]
    public Task What_is_no_request_ends_the_connection(string what, string hex) => CompareAsync(async (client, transcript) =>
    {
        await client.SendAsync(Convert.FromHexString(hex));
        transcript.Add(what, await IsClosedAsync(client));
    });

    [Fact]
    public Task Pipelined_requests_are_answered_in_their_order() => CompareAsync(async (client, transcript) =>
    {
        const string apiVersions = "0000000a" + "0012" + "0000";
        await client.SendAsync(Convert.FromHexString(apiVersions + "00000005" + "ffff" + apiVersions + "00000003" + "ffff" + apiVersions + "80000000" + "ffff"));
        for (var i = 0; i < 3; i++)
        {
            transcript.Add($"answer {i}", Convert.ToHexString(await client.ReadFrameAsync())[..12]);
        }
    });

    [Fact]
    public Task A_produce_without_acks_is_not_answered_and_one_that_fails_ends_the_connection() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        await client.SendAsync(Produce(Name, acks: 0));
        var next = await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0);
        transcript.Add("the next answer is the next request's", next.ErrorCode);

        await client.SendAsync(Produce($"{Name}-none", acks: 0));
        transcript.Add("closed", await IsClosedAsync(client));
    });

    private byte[] Produce(string topic, short acks)
    {
        var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        new RequestHeader(ApiKey.Produce, 7, 99, "differential").Write(ref writer);
        new ProduceRequest
        {
            Acks = acks,
            TimeoutMs = 1000,
            TopicData = [new() { Name = topic, PartitionData = [new() { Index = 0, Records = Batch("a") }] }],
        }.Write(ref writer, 7);
        writer.EndFrame(frame);
        var bytes = writer.ToArray();
        writer.Dispose();
        return bytes;
    }

    private static async Task<string> IsClosedAsync(RawClient client)
    {
        try
        {
            return $"answered {(await client.ReadFrameAsync()).Length} bytes";
        }
        catch (IOException)
        {
            return "closed";
        }
    }
}
