using System.CommandLine;
using System.CommandLine.Completions;
using Garam.Operations;
using Garam.Operations.Connections;

namespace Garam.Connections;

/// <summary>
/// Arguments and options that name what a cluster holds, and can complete it. A cluster that is away or slow completes nothing: a person who
/// pressed Tab is waiting.
/// </summary>
internal static class KafkaNames
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private static readonly NameList Topics = new(
        PlainNames.Topics, kafka => kafka.Admin.GetMetadata(Patience).Topics.Select(topic => topic.Topic));
    private static readonly NameList Groups = new(PlainNames.Groups, kafka => kafka.Admin.ListGroups(Patience).Select(group => group.Group));

    // No Func, as with KafkaVerb.
    private delegate IEnumerable<string> LibraryList(KafkaConnection kafka);

    public static Argument<string> Topic(ConnectionOptions connection, string description = "name of a topic", string name = "TOPIC") =>
        Completed(new Argument<string>(name) { Description = description }, connection, Topics);

    public static Argument<string[]> AllTopics(ConnectionOptions connection) =>
        Completed(new Argument<string[]>("TOPIC") { Arity = ArgumentArity.OneOrMore, Description = "names of topics" }, connection, Topics);

    public static Argument<string> DeadLetterTopic(ConnectionOptions connection) =>
        Completed(new Argument<string>("TOPIC") { Description = "a dead-letter topic" }, connection, Topics, ending: ".dlt");

    public static Argument<string> Group(ConnectionOptions connection) =>
        Completed(new Argument<string>("GROUP") { Description = "name of a consumer group" }, connection, Groups);

    public static Argument<string[]> AnyGroups(ConnectionOptions connection) =>
        Completed(new Argument<string[]>("GROUP") { Arity = ArgumentArity.ZeroOrMore, Description = "names of consumer groups; all if left out" }, connection, Groups);

    /// <summary>Gives an option that takes a topic the same.</summary>
    public static Option<T> OfTopics<T>(this Option<T> option, ConnectionOptions connection)
    {
        option.CompletionSources.Add(context => Complete(connection, context, Topics));
        return option;
    }

    /// <summary>Gives an option that takes a group the same.</summary>
    public static Option<T> OfGroups<T>(this Option<T> option, ConnectionOptions connection)
    {
        option.CompletionSources.Add(context => Complete(connection, context, Groups));
        return option;
    }

    // The help of an argument without a name for it lists what completes it: it would ask the cluster.
    private static Argument<T> Completed<T>(Argument<T> argument, ConnectionOptions connection, NameList list, string ending = "")
    {
        argument.HelpName = argument.Name;
        argument.CompletionSources.Add(context => Complete(connection, context, list, ending));
        return argument;
    }

    private static IEnumerable<CompletionItem> Complete(ConnectionOptions connection, CompletionContext context, NameList list, string ending = "")
    {
        try
        {
            var word = context.WordToComplete;
            var names = connection.HasProperties(context.ParseResult)
                ? AskByLibrary(connection, context, list)
                : list.Plain(connection.Servers(context.ParseResult), Patience);
            return [.. names.Where(name => IsMeant(name, word) && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal).Select(name => new CompletionItem(name))];
        }
        catch (Exception exception) when (OperationException.From(exception) is not null)
        {
            return [];
        }
    }

    private static bool IsMeant(string name, string word) =>
        name.StartsWith(word, StringComparison.Ordinal) && (word.Length > 0 || !name.StartsWith("__", StringComparison.Ordinal));

    // On its own: a method that mentions the library loads it.
    private static IEnumerable<string> AskByLibrary(ConnectionOptions connection, CompletionContext context, NameList list)
    {
        using var kafka = connection.Connect(context.ParseResult);
        return [.. list.ByLibrary(kafka)];
    }

    /// <summary>The two ways to ask for names. What must be signed in to or encrypted is asked by the client library, which takes longer to load.</summary>
    private sealed record NameList(Func<string, TimeSpan, IEnumerable<string>> Plain, LibraryList ByLibrary);
}
