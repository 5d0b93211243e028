namespace Garam.Broker.Apis;

/// <summary>What a client may do, as the bit fields of KIP-430. There is no authorization: everybody may do everything.</summary>
internal static class AuthorizedOperations
{
    public const int NotAsked = int.MinValue;

    private const int Read = 1 << 3, Write = 1 << 4, Create = 1 << 5, Delete = 1 << 6, Alter = 1 << 7, Describe = 1 << 8,
        ClusterAction = 1 << 9, DescribeConfigs = 1 << 10, AlterConfigs = 1 << 11, IdempotentWrite = 1 << 12;

    public const int Topic = Read | Write | Create | Delete | Alter | Describe | DescribeConfigs | AlterConfigs;

    public const int Cluster = Create | Alter | Describe | ClusterAction | DescribeConfigs | AlterConfigs | IdempotentWrite;

    /// <summary>Of a consumer group.</summary>
    public const int Group = Read | Delete | Describe | DescribeConfigs | AlterConfigs;
}
