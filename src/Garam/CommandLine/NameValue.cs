using System.CommandLine;

namespace Garam.CommandLine;

/// <summary>Options of the shape NAME=VALUE that may be given several times.</summary>
internal static class NameValue
{
    public static void Require(Option<string[]> option) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
            if (token.Value.IndexOf('=') < 1)
                result.AddError($"{option.Name} {token.Value}: write it as NAME=VALUE.");
    });

    public static IReadOnlyDictionary<string, string> Read(ParseResult parsed, Option<string[]> option) =>
        Pairs(parsed, option).GroupBy(pair => pair.Name).ToDictionary(same => same.Key, same => same.Last().Value);

    /// <summary>As given: a name may come twice, as headers of a record may.</summary>
    public static IEnumerable<(string Name, string Value)> Pairs(ParseResult parsed, Option<string[]> option) =>
        (parsed.GetValue(option) ?? []).Select(text => (text[..text.IndexOf('=')], text[(text.IndexOf('=') + 1)..]));
}
