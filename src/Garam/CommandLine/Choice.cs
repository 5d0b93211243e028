using System.CommandLine;
using System.CommandLine.Completions;

namespace Garam.CommandLine;

/// <summary>Options that take one of a few words: the members of an enum, in lower case wherever a person meets them.</summary>
internal static class Choice
{
    public static Option<T?> Option<T>(string name, string alias, string description) where T : struct, Enum
    {
        // Not the generic methods: they are compiled again for each enum, at every start of the program.
        var words = Array.ConvertAll(Enum.GetNames(typeof(T)), member => member.ToLowerInvariant());
        var option = new Option<T?>(name, alias)
        {
            Description = description,
            HelpName = string.Join('|', words),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (words.Contains(text))
                    return Enum.Parse<T>(text, ignoreCase: true);
                result.AddError($"{name} {text}: write {string.Join(", ", words.SkipLast(1))} or {words[^1]}.");
                return null;
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(_ => words.Select(word => new CompletionItem(word)));
        return option;
    }
}
