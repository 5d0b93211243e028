namespace Garam.Broker.Apis;

/// <summary>The registration of every API that the broker serves: a new one is a file in this folder and a line here.</summary>
internal static class BrokerApis
{
    public static ApiTable All(BrokerServices broker, IEnumerable<Api> groups)
    {
        ApiTable? table = null;
        table = new ApiTable(
        [
            new ApiVersionsApi(new Lazy<ApiTable>(() => table!)),
            new MetadataApi(broker),
            new ListOffsetsApi(broker),
            new OffsetForLeaderEpochApi(broker),
            new InitProducerIdApi(broker),
            new CreateTopicsApi(broker),
            new DeleteTopicsApi(broker),
            new CreatePartitionsApi(broker),
            new DescribeConfigsApi(broker),
            new DescribeClusterApi(broker),
            .. groups,
        ]);
        return table;
    }
}
