using Garam.Console.Outboxes;
using Garam.Outbox;
using Microsoft.AspNetCore.Hosting.Server;

namespace Garam.Up;

/// <summary>The outboxes of this process, as the console shows them: neither of the two knows the other.</summary>
internal sealed class OutboxesInConsole(OutboxOperations outboxes, IServer server) : IOutboxes
{
    public Uri? Server => server.Address();

    public IReadOnlyList<OutboxView> All() =>
        [.. outboxes.Outboxes().Select(outbox => new OutboxView(outbox.Name, outbox.Messages, outbox.Undeliverable, outbox.Oldest, outbox.Problems))];

    public IReadOnlyList<OutboxMessageView>? Read(string outbox, bool all, long after, int limit)
    {
        try
        {
            return [.. outboxes.List(outbox, all, after, limit).Select(ViewOf)];
        }
        catch (OutboxNotFoundException)
        {
            return null;
        }
    }

    public async Task<OutboxOutcome> DecideAsync(string outbox, long id, OutboxAction action, CancellationToken ct)
    {
        var decided = action switch
        {
            OutboxAction.Retry => await outboxes.RetryAsync(outbox, id, ct),
            OutboxAction.Remove => await outboxes.RemoveAsync(outbox, id, ct),
            _ => await outboxes.DeadLetterAsync(outbox, id, ct),
        };
        return decided switch
        {
            OutboxDecision.Done => OutboxOutcome.Done,
            OutboxDecision.BeingSent => OutboxOutcome.BeingSent,
            OutboxDecision.Unreadable => OutboxOutcome.Unreadable,
            _ => OutboxOutcome.NotFound,
        };
    }

    private static OutboxMessageView ViewOf(OutboxEntry entry) => new(
        entry.Id, entry.Topic, entry.Key, entry.Bytes, entry.WrittenAt, StateOf(entry.State), entry.Attempts, entry.Reason, OutboxOperations.DeadLetterTopic(entry.Topic))
    {
        IsUnreadable = entry.IsUnreadable,
    };

    private static OutboxMessageState StateOf(OutboxEntryState state) => state switch
    {
        OutboxEntryState.Undeliverable => OutboxMessageState.Undeliverable,
        OutboxEntryState.Retrying => OutboxMessageState.Retrying,
        OutboxEntryState.Sending => OutboxMessageState.Sending,
        _ => OutboxMessageState.Waiting,
    };
}
