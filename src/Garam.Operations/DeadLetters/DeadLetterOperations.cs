using Garam.Operations.Connections;
using Garam.Operations.Queries;

namespace Garam.Operations.DeadLetters;

/// <summary>
/// What can be done with records that could not be handled, on any Kafka: find them, read why, correct them, send them back. What was sent back
/// is written as a marker into the dead-letter topic itself, so that everybody who looks sees the same. Safe from any thread; one serves a whole program.
/// </summary>
public sealed class DeadLetterOperations(KafkaConnection kafka, TimeProvider? time = null) : IDisposable
{
    /// <summary>The newest records of a topic that <see cref="ListAsync"/> looks at.</summary>
    public const int MaxScanned = 200_000;

    private readonly KafkaConnection _kafka = kafka;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// The topics of dead letters, those with open letters first, then by name. The first call reads them; later ones only what was written since.
    /// </summary>
    /// <exception cref="OperationException">The brokers went away.</exception>
    public Task<IReadOnlyList<DeadLetterTopic>> ListAsync(CancellationToken ct = default) => throw new NotImplementedException();

    /// <summary>Letters, the newest first.</summary>
    /// <param name="topic">The dead-letter topic.</param>
    /// <param name="query">Only letters that match; null: all.</param>
    /// <param name="limit">How many at most, from 1.</param>
    /// <param name="includeRedriven">True: those too that were sent back.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="OperationException">The topic does not exist, or the brokers went away.</exception>
    public IAsyncEnumerable<DeadLetter> ReadAsync(string topic, RecordQuery? query, int limit, bool includeRedriven, CancellationToken ct = default) => throw new NotImplementedException();

    /// <summary>One letter and whether it is open; null where there is none (any more) at that place, or a marker.</summary>
    /// <exception cref="OperationException">The topic or the partition does not exist.</exception>
    public Task<DeadLetter?> GetAsync(string topic, int partition, long offset, CancellationToken ct = default) => throw new NotImplementedException();

    /// <inheritdoc cref="PlanAsync(string, RedriveSelection, LetterEdit?, string?, CancellationToken)"/>
    public Task<RedrivePlan> PlanAsync(string topic, RedriveSelection selection, LetterEdit? edit, CancellationToken ct = default) => PlanAsync(topic, selection, edit, null, ct);

    /// <summary>What a re-drive would do: how many letters, where to, who reads them. Sends nothing.</summary>
    /// <param name="topic">The dead-letter topic.</param>
    /// <param name="selection">Which letters.</param>
    /// <param name="edit">What to send instead; for the letter at a place only.</param>
    /// <param name="to">Topic to send to. Null: the one that each letter comes from.</param>
    /// <param name="ct">Ends the looking.</param>
    /// <exception cref="OperationException">
    /// There is no such topic or letter; an edit was asked for several letters; or it would make of JSON something else, and <see cref="LetterEdit.Force"/> is not set.
    /// </exception>
    public Task<RedrivePlan> PlanAsync(string topic, RedriveSelection selection, LetterEdit? edit, string? to, CancellationToken ct = default) => throw new NotImplementedException();

    /// <summary>
    /// Sends the letters of a plan, in the order of each partition, and marks each when it is acknowledged. A crash between the two sends it again
    /// and never loses it. A letter that was sent by somebody else since the plan is skipped. Cancelled, it ends between two batches.
    /// </summary>
    /// <exception cref="OperationException">A record was refused, or the brokers went away: the message says how many were sent. Or this program is at it already.</exception>
    public IAsyncEnumerable<RedriveProgress> RedriveAsync(RedrivePlan plan, CancellationToken ct = default) => throw new NotImplementedException();

    public void Dispose()
    {
    }
}
