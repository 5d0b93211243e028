namespace Garam.Operations.Queries;

/// <summary>
/// Turns the text of a query into its condition.
/// <code>
/// or    := and { "or" and }
/// and   := unary { ["and"] unary }
/// unary := "not" unary | "(" or ")" | field | word | "phrase"
/// </code>
/// </summary>
internal sealed class QueryParser(QueryText text, QueryFields fields)
{
    private const int Deepest = 32;

    private int _depth;

    public static Condition Parse(string query, TimeReading reading)
    {
        if (query.Length > RecordQuery.MaxLength)
            throw new QuerySyntaxException($"a query has at most {RecordQuery.MaxLength} characters.", RecordQuery.MaxLength + 1);
        var text = new QueryText(query);
        text.SkipBlanks();
        if (text.IsAtEnd)
            return new AlwaysCondition();
        var condition = new QueryParser(text, new QueryFields(text, reading)).ReadOr();
        return text.IsAtEnd ? condition : throw new QuerySyntaxException("this parenthesis closes nothing.", text.Column);
    }

    private Condition ReadOr()
    {
        var parts = new List<Condition> { ReadAnd() };
        while (text.TryTakeKeyword("or"))
            parts.Add(ReadAnd());
        return parts is [var only] ? only : new OrCondition(parts);
    }

    private Condition ReadAnd()
    {
        var parts = new List<Condition> { ReadUnary() };
        while (!text.IsAtEnd && text.Next != ')' && !IsAtOr())
        {
            text.TryTakeKeyword("and");
            parts.Add(ReadUnary());
        }

        return parts is [var only] ? only : new AndCondition(parts);
    }

    private bool IsAtOr()
    {
        var column = text.Column;
        var isOr = text.TryTakeKeyword("or");
        text.Return(column);
        return isOr;
    }

    private Condition ReadUnary()
    {
        text.SkipBlanks();
        var column = text.Column;
        if (++_depth > Deepest)
            throw new QuerySyntaxException($"more than {Deepest} parentheses and nots inside of each other.", column);
        Condition condition;
        if (text.TryTakeKeyword("not"))
            condition = new NotCondition(ReadUnary());
        else if (text.TryTake('('))
            condition = ReadGroup(column);
        else
            condition = ReadTerm();
        _depth--;
        text.SkipBlanks();
        return condition;
    }

    private Condition ReadGroup(int column)
    {
        var inner = ReadOr();
        return text.TryTake(')') ? inner : throw new QuerySyntaxException("the parenthesis that opens here is never closed.", column);
    }

    private Condition ReadTerm()
    {
        var column = text.Column;
        if (text.IsAtEnd || text.Next == ')' || text.TryTakeKeyword("and") || text.TryTakeKeyword("or"))
            throw new QuerySyntaxException("text or a field is expected here. To find the words and, or, not themselves, put them in quotes.", column);
        if (fields.TryRead() is { } condition)
            return condition;
        var word = text.TakeWord();
        CheckText(word, text.Since(column));
        return new TextCondition(TextPlaces.Everywhere, QueryFields.Text(word));
    }

    // A field of the value is most often meant: status:PAID is value.status:PAID.
    private static string Suggested(string name) =>
        Suggestion.Like(name, QueryFields.All) is [var field, ..] ? $" Did you mean {field}?" : $" For a field of a JSON value, write value.{name}.";

    /// <summary>What looks like a field and is not one would find nothing, and never say why.</summary>
    /// <param name="word">The text to search for.</param>
    /// <param name="written">The same with its backslashes: what stands behind one is text.</param>
    private static void CheckText(QueryWord word, string written)
    {
        if (word.Quoted)
            return;
        if (QueryOperators.In(written) is var (name, sign))
            throw Misplaced(name, sign, word.Column);
        if (written.IndexOf(':') is > 0 and var colon && written[..colon].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-') && char.IsAsciiLetter(written[0]))
            throw new QuerySyntaxException($"{written[..colon]} is not a field.{Suggested(written[..colon])} Fields are {QueryFields.Names}; put text with a colon in quotes.", word.Column);
    }

    private static QuerySyntaxException Misplaced(string name, string sign, int column) => (name, sign) switch
    {
        (_, not ("<" or ">" or "<=" or ">=" or "=" or "==" or "!=")) => QueryOperators.Unknown(sign, column + name.Length),
        ("", _) => new($"{sign} has no field before it: write FIELD:VALUE, or compare with FIELD > VALUE. Fields are {QueryFields.Names}.", column),
        (_, "<" or ">" or "<=" or ">=") when Suggested(name) is var advice => new($"{name} is not a field.{advice} Fields are {QueryFields.Names}; put text with {sign} in quotes.", column),
        _ => QueryOperators.Unknown(sign, column + name.Length),
    };
}
