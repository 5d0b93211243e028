using Garam.Operations;
using Garam.Operations.Groups;

namespace Garam.Console.Groups;

/// <summary>What a page can offer to undo. That an undo is refused now, of a group with members for instance, must not take the page away.</summary>
/// <param name="Plan">What undoes the last reset, or redoes it after an undo; null where there was none, or where it is refused.</param>
/// <param name="Refusal">Why it cannot be undone now; null: it can, or there is nothing to undo.</param>
public sealed record UndoOffer(ResetPlan? Plan, OperationException? Refusal)
{
    /// <summary>Asks what can be undone; a refusal is part of the answer.</summary>
    public static async Task<UndoOffer> OfAsync(GroupOperations groups, string group, CancellationToken ct)
    {
        try
        {
            return new UndoOffer(await groups.PlanUndoAsync(group, ct), null);
        }
        catch (OperationException refusal)
        {
            return new UndoOffer(null, refusal);
        }
    }
}
