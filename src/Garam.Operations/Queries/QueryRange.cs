namespace Garam.Operations.Queries;

/// <summary>
/// What a query says about where its hits can lie, so that nothing else need be read. It may promise too little and never too much: whatever lies
/// outside would not match.
/// </summary>
/// <param name="Partitions">Null: any.</param>
/// <param name="FromOffset">The first offset.</param>
/// <param name="UntilOffset">The first that is not part of it; null: the end.</param>
/// <param name="FromTime">Milliseconds since 1970, inclusive; null: any.</param>
/// <param name="Key">The one key that hits have; null: any.</param>
internal sealed record QueryRange(IReadOnlySet<int>? Partitions = null, long FromOffset = 0, long? UntilOffset = null, long? FromTime = null, byte[]? Key = null)
{
    public static readonly QueryRange Everything = new();

    public bool HasPartition(int partition) => Partitions is null || Partitions.Contains(partition);
}
