using Garam.Operations;
using Garam.Operations.Clusters;
using Garam.Operations.Connections;

namespace Garam.Console.Snapshots;

/// <summary>What the topics take on the disks of the brokers, one look for all readers.</summary>
internal sealed class SizeView(ClusterOperations cluster, KafkaConnection kafka, TimeProvider time)
{
    private readonly Glance<LogSizes> _glance = new("Measuring the topics", ct => cluster.SizesAsync(null, ct), kafka.Background, time);

    /// <summary>The last look; where there is none, every broker is unknown, and the reason says why.</summary>
    public async Task<LogSizes> CurrentAsync(CancellationToken ct) => (await _glance.CurrentAsync(ct)) switch
    {
        { Value: { } sizes } => sizes,
        { Trouble: { } trouble } => Without(trouble),
        _ => LogSizes.None with { Unknown = new Dictionary<int, string> { [-1] = "not measured yet" } },
    };

    private static LogSizes Without(OperationException trouble) => LogSizes.None with { Unknown = new Dictionary<int, string> { [-1] = trouble.Message } };
}
