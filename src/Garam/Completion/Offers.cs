using System.CommandLine;
using System.CommandLine.Completions;
using Garam.Operations.Topics;

namespace Garam.Completion;

/// <summary>Options whose values are free text, of which some can be offered.</summary>
internal static class Offers
{
    private static readonly (string Word, string Meaning)[] Places =
    [
        ("start", "the oldest record"),
        ("end", "what comes from now on"),
        ("@today", "a time: @ and ISO 8601, milliseconds since 1970, now, today or yesterday; -1h is that long ago"),
        ("@yesterday", "a time, as @today"),
    ];

    /// <summary>Offers the words for a place in a topic.</summary>
    public static Option<T> OfPlaces<T>(this Option<T> option) => option.Offering(Places);

    /// <summary>Offers words, each with what it means.</summary>
    public static Option<T> Offering<T>(this Option<T> option, params (string Word, string Meaning)[] words)
    {
        option.CompletionSources.Add(_ => words.Select(word => new CompletionItem(word.Word, detail: word.Meaning)));
        return option;
    }

    /// <summary>Offers the names of Kafka's topic configs.</summary>
    /// <param name="option">Takes a config.</param>
    /// <param name="ending">What stands between a name and its value; empty where names alone are taken.</param>
    public static Option<string[]> OfConfigs(this Option<string[]> option, string ending = "")
    {
        option.CompletionSources.Add(_ => TopicConfigTexts.All.Select(config => new CompletionItem(config.Key + ending, detail: config.Value)));
        return option;
    }
}
