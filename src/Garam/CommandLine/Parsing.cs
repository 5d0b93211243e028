using System.CommandLine;
using System.CommandLine.Parsing;

namespace Garam.CommandLine;

/// <summary>Lets types parse themselves: their <see cref="FormatException"/> becomes a usage error.</summary>
internal static class Parsing
{
    /// <summary>Adds a check of several options together. It is left out where one of their values cannot be read: that is an error of its own.</summary>
    public static void AddCheck(this Command command, Action<CommandResult> check) => command.Validators.Add(result =>
    {
        try
        {
            check(result);
        }
        catch (InvalidOperationException)
        {
            // What the library throws for the value of an option that is already reported.
        }
    });

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
