namespace Garam.Kafka.Tests;

public sealed class HeaderTests
{
    [Theory]
    [InlineData(ApiKey.Metadata, 8, "0003 0008 fffffff6 0004 6b636174")]
    [InlineData(ApiKey.Metadata, 9, "0003 0009 fffffff6 0004 6b636174 00")]
    public void The_client_id_is_never_compact_and_tags_follow_it_in_flexible_versions(ApiKey api, short version, string hex)
    {
        var header = new RequestHeader(api, version, -10, "kcat");
        var writer = new ProtocolWriter();
        header.Write(ref writer);
        Convert.ToHexStringLower(writer.ToArray()).ShouldBe(hex.Replace(" ", ""));
        writer.Dispose();

        var reader = new ProtocolReader(Convert.FromHexString(hex.Replace(" ", "")));
        RequestHeader.Read(ref reader).ShouldBe(header);
        reader.EnsureEnd();
    }

    [Fact]
    public void A_client_may_have_no_id()
    {
        var reader = new ProtocolReader(Convert.FromHexString("0000000300000001ffff"));
        RequestHeader.Read(ref reader).ClientId.ShouldBeNull();
    }

    [Theory]
    [InlineData("0012 7fff 00000005 0001 61 ff")]
    [InlineData("7fff 0000 00000005 0001 61 ff")]
    [InlineData("ffff ffff 00000005 0001 61 ff")]
    public void Of_an_unknown_request_the_header_is_read_up_to_the_client_id(string hex)
    {
        var reader = new ProtocolReader(Convert.FromHexString(hex.Replace(" ", "")));
        var header = RequestHeader.Read(ref reader);
        header.CorrelationId.ShouldBe(5);
        header.ClientId.ShouldBe("a");
        reader.Remaining.ShouldBe(1);
    }

    [Theory]
    [InlineData(ApiKey.Metadata, 8, "00000007")]
    [InlineData(ApiKey.Metadata, 9, "0000000700")]
    [InlineData(ApiKey.ApiVersions, 3, "00000007")]
    public void A_response_header_has_tags_in_flexible_versions_but_not_for_ApiVersions(ApiKey api, short version, string hex)
    {
        var writer = new ProtocolWriter();
        new ResponseHeader(7).Write(ref writer, api, version);
        Convert.ToHexStringLower(writer.ToArray()).ShouldBe(hex);
        writer.Dispose();
    }

    [Fact]
    public void Errors_have_the_names_that_Kafka_prints()
    {
        ErrorCode.NotLeaderOrFollower.KafkaName().ShouldBe("NOT_LEADER_OR_FOLLOWER");
        ErrorCode.None.KafkaName().ShouldBe("NONE");
        ErrorCode.UnknownServerError.KafkaName().ShouldBe("UNKNOWN_SERVER_ERROR");
        ((short)ErrorCode.ShareSessionLimitReached).ShouldBe((short)133);
        ErrorCode.NotLeaderOrFollower.IsRetriable().ShouldBeTrue();
        ErrorCode.InvalidTopicException.IsRetriable().ShouldBeFalse();
    }
}
