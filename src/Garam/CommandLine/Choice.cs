using System.CommandLine;
using System.CommandLine.Completions;

namespace Garam.CommandLine;

/// <summary>Options that take one of a few words: the members of an enum, in lower case wherever a person meets them.</summary>
internal static class Choice
{
    public static Option<T?> Option<T>(string name, string alias, string description) where T : struct, Enum
    {
        var words = Enum.GetNames<T>().ToDictionary(member => member.ToLowerInvariant(), Enum.Parse<T>);
        var option = new Option<T?>(name, alias)
        {
            Description = description,
            HelpName = string.Join('|', words.Keys),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (words.TryGetValue(text, out var member))
                    return member;
                result.AddError($"{name} {text}: write {string.Join(", ", words.Keys.SkipLast(1))} or {words.Keys.Last()}.");
                return null;
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(_ => words.Keys.Select(word => new CompletionItem(word)));
        return option;
    }
}
