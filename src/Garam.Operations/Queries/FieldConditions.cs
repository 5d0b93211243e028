using Garam.Operations.Messages;

namespace Garam.Operations.Queries;

/// <summary>A number of the record (partition, offset, size, time in milliseconds) that lies between two others, both inclusive.</summary>
internal sealed class NumberCondition(Func<StoredRecord, long?> number, long from, long to, QueryRange range) : Condition
{
    public override QueryRange Range => range;

    public override bool Matches(StoredRecord record) => number(record) is { } value && value >= from && value <= to;
}

/// <summary>The key of the record. Asked for one key exactly, all hits lie in one partition, if producers chose it by the key.</summary>
internal sealed class KeyCondition(ValueTest test) : Condition
{
    public override QueryRange Range { get; } = new(Key: (test as EqualTest)?.Operand.ToArray());

    public override bool Matches(StoredRecord record) => record.Key is { } key && test.Text(key);
}

/// <summary>Whether there is a value at all: a tombstone has none.</summary>
internal sealed class ValueExistsCondition : Condition
{
    public override bool Matches(StoredRecord record) => record.Value is not null;
}

/// <summary>Whether there is any header.</summary>
internal sealed class HeadersExistCondition : Condition
{
    public override bool Matches(StoredRecord record) => record.Headers.Count > 0;
}

internal sealed class TopicCondition(ValueTest test) : Condition
{
    public override bool Matches(StoredRecord record) => test.Text(System.Text.Encoding.UTF8.GetBytes(record.Topic));
}

/// <summary>A header of that name, any of them if it repeats. One without a value is there, and equals nothing.</summary>
internal sealed class HeaderCondition(string name, ValueTest test) : Condition
{
    public override bool Matches(StoredRecord record)
    {
        foreach (var header in record.Headers)
        {
            if (header.Name == name && (header.Value is { } value ? test.Text(value.Span) : test.IsExistence))
                return true;
        }

        return false;
    }
}

/// <summary>The trace id that the record carries (W3C trace context).</summary>
internal sealed class TraceCondition(ValueTest test) : Condition
{
    public override bool Matches(StoredRecord record) => TraceId.Of(record) is { } trace && test.Text(System.Text.Encoding.ASCII.GetBytes(trace));
}
