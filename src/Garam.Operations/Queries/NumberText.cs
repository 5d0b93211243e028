namespace Garam.Operations.Queries;

/// <summary>
/// A decimal number as it is written, of any length: 64-bit ids and money are compared digit by digit, never as doubles.
/// <code>
/// -0.01250e3   negative, digits 125, the first of them worth 10^1
/// </code>
/// </summary>
internal readonly ref struct NumberText
{
    private const long HugeExponent = 1_000_000_000_000_000;

    private readonly ReadOnlySpan<byte> _whole;
    private readonly ReadOnlySpan<byte> _fraction;
    private readonly bool _negative;

    /// <summary>The power of ten that the first digit counts.</summary>
    private readonly long _magnitude;

    private NumberText(bool negative, ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, long exponent)
    {
        // Leading zeros say nothing: what is left begins with the first digit that does.
        whole = whole.TrimStart((byte)'0');
        _magnitude = exponent + whole.Length - 1;
        if (whole.IsEmpty)
        {
            var significant = fraction.TrimStart((byte)'0');
            _magnitude = exponent - (fraction.Length - significant.Length) - 1;
            fraction = significant;
        }

        _negative = negative;
        _whole = whole;
        _fraction = fraction.TrimEnd((byte)'0');
    }

    private bool IsZero => _whole.IsEmpty && _fraction.IsEmpty;

    /// <summary>Reads a number as JSON writes it; a plus sign and leading zeros are allowed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out NumberText number)
    {
        number = default;
        var negative = text is [(byte)'-', ..];
        var rest = text is [(byte)'-' or (byte)'+', ..] ? text[1..] : text;
        var whole = TakeDigits(ref rest);
        var fraction = rest is [(byte)'.', ..] ? TakeDigits(ref rest, skip: 1) : default;
        if (whole.IsEmpty)
            return false;
        long exponent = 0;
        if (rest is [(byte)'e' or (byte)'E', ..] && !TryTakeExponent(ref rest, out exponent))
            return false;
        if (!rest.IsEmpty)
            return false;
        number = new NumberText(negative, whole, fraction, exponent);
        return true;
    }

    /// <summary>Less than, equal to or greater than zero, as this number is less than, equal to or greater than the other.</summary>
    public int CompareTo(NumberText other)
    {
        if (IsZero || other.IsZero)
            return (IsZero ? 0 : Sign) - (other.IsZero ? 0 : other.Sign);
        if (_negative != other._negative)
            return Sign;
        var size = _magnitude != other._magnitude ? _magnitude.CompareTo(other._magnitude) : CompareDigits(other);
        return _negative ? -size : size;
    }

    private int Sign => _negative ? -1 : 1;

    private int Digits => _whole.Length + _fraction.Length;

    private byte Digit(int at) => at < _whole.Length ? _whole[at] : at < Digits ? _fraction[at - _whole.Length] : (byte)'0';

    private int CompareDigits(NumberText other)
    {
        for (var at = 0; at < Math.Max(Digits, other.Digits); at++)
        {
            if (Digit(at) != other.Digit(at))
                return Digit(at).CompareTo(other.Digit(at));
        }

        return 0;
    }

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> text, int skip = 0)
    {
        var rest = text[skip..];
        var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end : rest.Length;
        text = rest[length..];
        return rest[..length];
    }

    private static bool TryTakeExponent(scoped ref ReadOnlySpan<byte> text, out long exponent)
    {
        exponent = 0;
        text = text[1..];
        var negative = text is [(byte)'-', ..];
        var digits = TakeDigits(ref text, skip: text is [(byte)'-' or (byte)'+', ..] ? 1 : 0);
        foreach (var digit in digits)
            exponent = Math.Min(HugeExponent, (exponent * 10) + (digit - '0'));
        exponent = negative ? -exponent : exponent;
        return !digits.IsEmpty;
    }
}
