using Garam.Operations.Messages;

namespace Garam.Operations.Queries;

/// <summary>A compiled part of a query.</summary>
internal abstract class Condition
{
    /// <summary>Where its hits can lie.</summary>
    public virtual QueryRange Range => QueryRange.Everything;

    public abstract bool Matches(StoredRecord record);
}

/// <summary>The empty query.</summary>
internal sealed class AlwaysCondition : Condition
{
    public override bool Matches(StoredRecord record) => true;
}

internal sealed class AndCondition(IReadOnlyList<Condition> parts) : Condition
{
    public override QueryRange Range => parts.Select(part => part.Range).Aggregate((one, other) => one.And(other));

    public override bool Matches(StoredRecord record)
    {
        foreach (var part in parts)
        {
            if (!part.Matches(record))
                return false;
        }

        return true;
    }
}

internal sealed class OrCondition(IReadOnlyList<Condition> parts) : Condition
{
    public override QueryRange Range => parts.Select(part => part.Range).Aggregate((one, other) => one.Or(other));

    public override bool Matches(StoredRecord record)
    {
        foreach (var part in parts)
        {
            if (part.Matches(record))
                return true;
        }

        return false;
    }
}

internal sealed class NotCondition(Condition part) : Condition
{
    public override bool Matches(StoredRecord record) => !part.Matches(record);
}
