using Garam.Operations.Messages;

namespace Garam.Operations.Queries;

/// <summary>
/// A question that a record answers with yes or no; the language is told in docs/queries.md. Compiled once, safe from any thread, and never slower than
/// linear in the size of a record.
/// </summary>
public sealed class RecordQuery
{
    /// <summary>Characters that a query may have at most.</summary>
    public const int MaxLength = 4_000;

    private readonly Condition _condition;

    private RecordQuery(string text, Condition condition) => (Text, _condition, Range) = (text, condition, condition.Range);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Where hits can lie.</summary>
    internal QueryRange Range { get; }

    /// <param name="text">The query; blank: everything matches.</param>
    /// <param name="time">What <c>-1h</c> is counted from, at the time of this call. Default: the system's clock.</param>
    /// <exception cref="QuerySyntaxException">The text is no query; says where and what was expected.</exception>
    public static RecordQuery Parse(string text, TimeProvider? time = null) => Parse(text, TimeReading.Utc with { Clock = time ?? TimeProvider.System });

    /// <param name="text">The query; blank: everything matches.</param>
    /// <param name="reading">How the times in it are read.</param>
    /// <exception cref="QuerySyntaxException">The text is no query; says where and what was expected.</exception>
    public static RecordQuery Parse(string text, TimeReading reading) => new(text, QueryParser.Parse(text, reading));

    /// <summary>Whether a record answers with yes.</summary>
    public bool Matches(StoredRecord record) => _condition.Matches(record);

    public override string ToString() => Text;
}
