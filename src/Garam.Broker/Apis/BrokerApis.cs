namespace Garam.Broker.Apis;

/// <summary>The registration of every API that the broker serves: a new one is a file in this folder and a line here.</summary>
internal static class BrokerApis
{
    public static ApiTable All(BrokerServices broker, TopicAutoCreation autoCreation, IEnumerable<Api> groups)
    {
        ApiTable? table = null;
        table = new ApiTable(
        [
            new ProduceApi(broker),
            new FetchApi(broker),
            new ListOffsetsApi(broker),
            new MetadataApi(broker, autoCreation),
            new ApiVersionsApi(new Lazy<ApiTable>(() => table!)),
            new CreateTopicsApi(broker),
            new DeleteTopicsApi(broker),
            new DeleteRecordsApi(broker),
            new InitProducerIdApi(broker),
            new OffsetForLeaderEpochApi(broker),
            new DescribeConfigsApi(broker),
            new AlterConfigsApi(broker),
            new AlterReplicaLogDirsApi(broker),
            new DescribeLogDirsApi(broker),
            new CreatePartitionsApi(broker),
            new ElectLeadersApi(broker),
            new IncrementalAlterConfigsApi(broker),
            new AlterPartitionReassignmentsApi(broker),
            new ListPartitionReassignmentsApi(),
            new DescribeQuorumApi(broker),
            new UpdateFeaturesApi(),
            new DescribeClusterApi(broker),
            new UnregisterBrokerApi(),
            new ListConfigResourcesApi(broker),
            new DescribeTopicPartitionsApi(broker),
            .. groups,
        ]);
        return table;
    }
}
