using System.Text;

namespace Garam.Operations.Queries;

/// <summary>A word or a quoted phrase of a query.</summary>
/// <param name="Pieces">Its text, cut at each wildcard: two pieces have one between them.</param>
/// <param name="Quoted">It stood in quotes, and means only itself.</param>
/// <param name="Column">Where it begins, from 1.</param>
internal sealed record QueryWord(IReadOnlyList<string> Pieces, bool Quoted, int Column)
{
    public string Text => string.Join('*', Pieces);

    public bool HasWildcard => Pieces.Count > 1;

    /// <summary>The wildcard alone.</summary>
    public bool IsAnything => Pieces is ["", ""];
}

/// <summary>Reads a query character by character.</summary>
internal sealed class QueryText(string text)
{
    private int _at;

    public int Column => _at + 1;

    public bool IsAtEnd => _at == text.Length;

    /// <summary>The next character; a blank at the end.</summary>
    public char Next => IsAtEnd ? ' ' : text[_at];

    public void SkipBlanks()
    {
        while (!IsAtEnd && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    /// <summary>Goes back to a column that was left.</summary>
    public void Return(int column) => _at = column - 1;

    public bool TryTake(char character)
    {
        if (IsAtEnd || text[_at] != character)
            return false;
        _at++;
        return true;
    }

    /// <summary>Takes a word of the language, which ends where letters end.</summary>
    public bool TryTakeKeyword(string keyword)
    {
        var end = _at + keyword.Length;
        if (end > text.Length || !text.AsSpan(_at, keyword.Length).Equals(keyword, StringComparison.OrdinalIgnoreCase))
            return false;
        if (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('(' or ')' or '"'))
            return false;
        _at = end;
        return true;
    }

    /// <summary>Takes a comparison. Signs that look like one, such as <c>&gt;&gt;</c> or <c>=&lt;</c>, would be text that is hardly ever found: they are a mistake.</summary>
    public Comparison? TryTakeComparison()
    {
        var column = Column;
        var sign = QueryOperators.At(text, _at);
        _at += sign.Length;
        return sign switch
        {
            "" => null,
            "<" => Comparison.Less,
            "<=" => Comparison.LessOrEqual,
            ">" => Comparison.Greater,
            ">=" => Comparison.GreaterOrEqual,
            _ => throw QueryOperators.Unknown(sign, column),
        };
    }

    /// <summary>What was read since a column, as it was written.</summary>
    public string Since(int column) => text[(column - 1).._at];

    /// <summary>The longest run of characters that are none of these, and no blanks.</summary>
    public string TakeUntil(string ends)
    {
        var start = _at;
        while (!IsAtEnd && !char.IsWhiteSpace(text[_at]) && !ends.Contains(text[_at]))
            _at++;
        return text[start.._at];
    }

    /// <summary>A phrase in quotes, or a word up to a blank, a parenthesis or a quote. A backslash takes the meaning of the character behind it.</summary>
    public QueryWord TakeWord()
    {
        var column = Column;
        var quoted = TryTake('"');
        var pieces = new List<string>();
        var piece = new StringBuilder();
        while (!IsAtEnd && (quoted ? Next != '"' : !char.IsWhiteSpace(Next) && Next is not ('(' or ')' or '"')))
        {
            if (!quoted && TryTake('*'))
            {
                pieces.Add(piece.ToString());
                piece.Clear();
                continue;
            }

            if (TryTake('\\') && IsAtEnd)
                throw new QuerySyntaxException("a character is expected behind the backslash.", Column);
            piece.Append(text[_at++]);
        }

        if (quoted && !TryTake('"'))
            throw new QuerySyntaxException("the phrase that begins here has no closing quote.", column);
        pieces.Add(piece.ToString());
        return new QueryWord(pieces, quoted, column);
    }
}
