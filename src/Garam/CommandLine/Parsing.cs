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
            result.AddError(result.Parent is OptionResult option ? $"{option.Option.Name} {exception.Message}" : exception.Message);
            return default;
        }
    }
}
