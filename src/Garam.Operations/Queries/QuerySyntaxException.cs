namespace Garam.Operations.Queries;

/// <summary>A query that cannot be understood.</summary>
/// <param name="message">What was expected.</param>
/// <param name="column">Where, from 1.</param>
public sealed class QuerySyntaxException(string message, int column) : FormatException($"column {column}: {message}")
{
    /// <summary>The character at which it stopped making sense, from 1.</summary>
    public int Column { get; } = column;
}
