using System.Text;

namespace Garam.Operations.Queries;

/// <summary>What a field is asked. A field is compared whole, and exactly; numbers as numbers.</summary>
internal abstract class ValueTest
{
    /// <summary>It asks only whether the field is there.</summary>
    public virtual bool IsExistence => false;

    /// <summary>Text: a key, a header, a string of JSON without its quotes and escapes.</summary>
    public abstract bool Text(ReadOnlySpan<byte> text);

    /// <summary>A number, true, false or null of JSON, as it is written.</summary>
    public abstract bool Literal(ReadOnlySpan<byte> literal);
}

internal sealed class ExistsTest : ValueTest
{
    public override bool IsExistence => true;

    public override bool Text(ReadOnlySpan<byte> text) => true;

    public override bool Literal(ReadOnlySpan<byte> literal) => true;
}

/// <summary>Equal to one text; unquoted, it may be a number as well.</summary>
internal sealed class EqualTest(string operand, bool quoted) : ValueTest
{
    private readonly byte[] _operand = Encoding.UTF8.GetBytes(operand);

    public ReadOnlySpan<byte> Operand => _operand;

    public override bool Text(ReadOnlySpan<byte> text) => text.SequenceEqual(_operand);

    public override bool Literal(ReadOnlySpan<byte> literal)
    {
        if (quoted)
            return false;
        return literal.SequenceEqual(_operand)
            || (NumberText.TryParse(literal, out var number) && NumberText.TryParse(_operand, out var other) && number.CompareTo(other) == 0);
    }
}

/// <summary>Begins with the first piece, ends with the last, and holds those between in their order: <c>one*two*three</c>.</summary>
internal sealed class WildcardTest(IReadOnlyList<string> pieces) : ValueTest
{
    private readonly byte[] _start = Encoding.UTF8.GetBytes(pieces[0]);
    private readonly byte[] _end = Encoding.UTF8.GetBytes(pieces[^1]);
    private readonly byte[][] _between = [.. pieces.Skip(1).SkipLast(1).Select(Encoding.UTF8.GetBytes)];

    // The first place of each piece is the best one: no way back is ever needed.
    public override bool Text(ReadOnlySpan<byte> text)
    {
        if (text.Length < _start.Length + _end.Length || !text.StartsWith(_start) || !text.EndsWith(_end))
            return false;
        text = text[_start.Length..^_end.Length];
        foreach (var piece in _between)
        {
            var at = text.IndexOf(piece);
            if (at < 0)
                return false;
            text = text[(at + piece.Length)..];
        }

        return true;
    }

    public override bool Literal(ReadOnlySpan<byte> literal) => Text(literal);
}

/// <summary>How a field compares.</summary>
internal enum Comparison
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>Less or greater: as numbers where the operand is one (text that is written as a number counts, too), else by code points, which is right for ISO 8601 times.</summary>
internal sealed class CompareTest(Comparison comparison, string operand, bool quoted) : ValueTest
{
    private readonly byte[] _operand = Encoding.UTF8.GetBytes(operand);
    private readonly bool _isNumber = !quoted && NumberText.TryParse(Encoding.UTF8.GetBytes(operand), out _);

    public override bool Text(ReadOnlySpan<byte> text) => _isNumber ? Number(text) : Holds(text.SequenceCompareTo(_operand));

    public override bool Literal(ReadOnlySpan<byte> literal) => _isNumber && Number(literal);

    private bool Number(ReadOnlySpan<byte> text) =>
        NumberText.TryParse(text, out var number) && NumberText.TryParse(_operand, out var other) && Holds(number.CompareTo(other));

    private bool Holds(int order) => comparison switch
    {
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };
}

/// <summary>Both ends of a range.</summary>
internal sealed class BothTest(ValueTest one, ValueTest other) : ValueTest
{
    public override bool Text(ReadOnlySpan<byte> text) => one.Text(text) && other.Text(text);

    public override bool Literal(ReadOnlySpan<byte> literal) => one.Literal(literal) && other.Literal(literal);
}
