using Garam.Operations.Connections;
using Garam.Operations.DeadLetters;

namespace Garam.Console.Snapshots;

/// <summary>The dead letters as the pages count them. A look reads what was written since the last one.</summary>
internal sealed class DeadLetterView(DeadLetterOperations letters, KafkaConnection kafka, TimeProvider time)
{
    private readonly Glance<IReadOnlyList<DeadLetterTopic>> _glance = new("Counting dead letters", letters.ListAsync, kafka.Background, time);

    public Task<Seen<IReadOnlyList<DeadLetterTopic>>> CurrentAsync(CancellationToken ct) => _glance.CurrentAsync(ct);

    /// <summary>Something was changed: the next page must not show what was before.</summary>
    public void Forget() => _glance.Forget();
}
