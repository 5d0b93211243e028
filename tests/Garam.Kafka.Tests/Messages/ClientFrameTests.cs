using Garam.Kafka.Tests.Golden;

namespace Garam.Kafka.Tests.Messages;

/// <summary>Frames that real clients exchanged with Apache Kafka: kcat on two generations of librdkafka, kafkajs, and Kafka's Java tools.</summary>
public sealed class ClientFrameTests
{
    private static readonly string[][] Frames = [.. GoldenFile.Lines("client-frames.txt")];

    [Fact]
    public void Frames_of_real_clients_are_read_and_written_again_byte_for_byte()
    {
        foreach (var words in Frames)
        {
            var (api, version) = ((ApiKey)short.Parse(words[1]), short.Parse(words[2]));
            var frame = Convert.FromHexString(words[4]);
            var again = words[3] == "request" ? RewriteRequest(frame) : RewriteResponse(frame, api, version);
            Convert.ToHexStringLower(again).ShouldBe(words[4], $"{words[0]}: {api} version {version} {words[3]}");
        }
    }

    [Fact]
    public void Every_kind_of_client_and_nearly_every_api_is_among_them()
    {
        Frames.Select(words => words[0]).Distinct().Count().ShouldBe(4);
        var seen = Frames.Select(words => (ApiKey)short.Parse(words[1])).ToHashSet();
        ApiInfo.All.Select(info => info.Api).Where(api => !seen.Contains(api)).ShouldBe(
        [
            ApiKey.DeleteRecords, ApiKey.OffsetForLeaderEpoch, ApiKey.AlterConfigs, ApiKey.AlterReplicaLogDirs, ApiKey.DescribeLogDirs, ApiKey.ElectLeaders,
            ApiKey.IncrementalAlterConfigs, ApiKey.AlterPartitionReassignments, ApiKey.ListPartitionReassignments, ApiKey.OffsetDelete, ApiKey.DescribeQuorum,
            ApiKey.UpdateFeatures, ApiKey.UnregisterBroker, ApiKey.ListConfigResources, ApiKey.DescribeTopicPartitions,
        ]);
    }

    private static byte[] RewriteRequest(byte[] frame)
    {
        var reader = new ProtocolReader(frame);
        var header = RequestHeader.Read(ref reader);
        var writer = new ProtocolWriter();
        header.Write(ref writer);
        return Rewrite(ref writer, header.Api + "Request", header.Version, frame[reader.Position..]);
    }

    private static byte[] RewriteResponse(byte[] frame, ApiKey api, short version)
    {
        var reader = new ProtocolReader(frame);
        var header = ResponseHeader.Read(ref reader, api, version);
        var writer = new ProtocolWriter();
        header.Write(ref writer, api, version);
        return Rewrite(ref writer, api + "Response", version, frame[reader.Position..]);
    }

    private static byte[] Rewrite(ref ProtocolWriter writer, string message, short version, byte[] body)
    {
        var type = MessageType.Named(message);
        var header = writer.ToArray();
        writer.Dispose();
        return [.. header, .. type.Write(type.Read(body, version), version)];
    }
}
