namespace Garam.Operations.Queries;

/// <summary>
/// What a query says about where its hits can lie, so that nothing else need be read. It may promise too little and never too much: whatever lies
/// outside would not match.
/// </summary>
/// <param name="FromPartition">The first partition.</param>
/// <param name="ToPartition">The last, inclusive.</param>
/// <param name="FromOffset">The first offset.</param>
/// <param name="ToOffset">The last, inclusive.</param>
/// <param name="FromTime">Milliseconds since 1970, inclusive; null: any, and records without a time.</param>
/// <param name="Key">The one key that hits have; null: any.</param>
internal sealed record QueryRange(
    long FromPartition = 0, long ToPartition = long.MaxValue, long FromOffset = 0, long ToOffset = long.MaxValue, long? FromTime = null, byte[]? Key = null)
{
    public static readonly QueryRange Everything = new();

    public bool HasPartition(int partition) => partition >= FromPartition && partition <= ToPartition;

    /// <summary>Where hits of both lie.</summary>
    public QueryRange And(QueryRange other) => new(
        Math.Max(FromPartition, other.FromPartition),
        Math.Min(ToPartition, other.ToPartition),
        Math.Max(FromOffset, other.FromOffset),
        Math.Min(ToOffset, other.ToOffset),
        FromTime is null || other.FromTime is null ? FromTime ?? other.FromTime : Math.Max(FromTime.Value, other.FromTime.Value),
        Key ?? other.Key);

    /// <summary>Where hits of either lie, and what is between them.</summary>
    public QueryRange Or(QueryRange other) => new(
        Math.Min(FromPartition, other.FromPartition),
        Math.Max(ToPartition, other.ToPartition),
        Math.Min(FromOffset, other.FromOffset),
        Math.Max(ToOffset, other.ToOffset),
        FromTime is null || other.FromTime is null ? null : Math.Min(FromTime.Value, other.FromTime.Value),
        Key is not null && other.Key is not null && Key.AsSpan().SequenceEqual(other.Key) ? Key : null);
}
