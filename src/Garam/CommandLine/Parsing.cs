using System.CommandLine.Parsing;

namespace Garam.CommandLine;

/// <summary>Lets types parse themselves: their <see cref="FormatException"/> becomes a usage error.</summary>
internal static class Parsing
{
    public static T? Checked<T>(ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (FormatException exception)
        {
            result.AddError(exception.Message);
            return default;
        }
    }
}
