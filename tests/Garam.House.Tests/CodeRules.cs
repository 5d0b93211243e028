using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Garam.House.Tests;

public sealed partial class CodeRules
{
    private const int LongestFile = 600;

    [Fact]
    public void No_source_file_is_longer_than_600_lines() =>
        House.Sources.Select(file => (House.Relative(file), Lines: File.ReadLines(file).Count())).Where(file => file.Lines > LongestFile)
            .ShouldBeEmpty("a long file has more than one reason to exist: split it by those reasons");

    [Fact]
    public void Numbers_and_what_they_count_agree()
    {
        var counted = new System.Text.RegularExpressions.Regex(@"\{[^{}\s][^{}]*\} (records|hits|partitions|topics|groups|members|letters|offsets|rows|bytes|lines|brokers|failures)\b(?!.*//)");
        string[] languages = ["Garam", "Garam.Operations", "Garam.Console"];
        var sources = House.Sources.Concat(Directory.EnumerateFiles(Path.Combine(House.Root, "src", "Garam.Console"), "*.razor", SearchOption.AllDirectories));
        sources.Where(file => languages.Contains(House.Relative(file).Split('/')[1]))
            .SelectMany(file => File.ReadLines(file).Select(line => (Line: line.Trim(), Place: House.Relative(file))))
            .Where(line => line.Line.Contains("$\"", StringComparison.Ordinal) && !line.Line.StartsWith('/') && counted.Match(line.Line) is { Success: true } match && !match.Value.Contains("Words.", StringComparison.Ordinal))
            .ShouldBeEmpty("\"1 records\": use Words.Count");
    }

    [Fact]
    public void Folders_are_capabilities_and_never_kinds_of_code()
    {
        string[] kinds = ["Interfaces", "Helpers", "Models", "Utils", "Utilities", "Common", "Extensions", "Services", "Managers"];
        House.Sources.Where(file => Path.GetDirectoryName(House.Relative(file))!.Split('/').Any(kinds.Contains))
            .ShouldBeEmpty("a folder holds one capability with its contract, default, options and errors together");
    }

    [Fact]
    public void A_namespace_is_its_folder_or_its_project()
    {
        var strangers = from file in House.Sources
                        let folders = Path.GetDirectoryName(House.Relative(file))!.Split('/')[1..]
                        let declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
                        where declared is not null && declared != $"namespace {string.Join('.', folders)};" && declared != $"namespace {folders[0]};" && !declared.StartsWith("namespace System.", StringComparison.Ordinal)
                        select $"{House.Relative(file)}: {declared}";
        strangers.ShouldBeEmpty("a reader finds a type by its namespace");
    }

    [Fact]
    public void Arrows_between_projects_run_down_only()
    {
        var allowed = new Dictionary<string, string[]>
        {
            ["Garam.Kafka.Generator"] = [],
            ["Garam.Kafka"] = ["Garam.Kafka.Generator"],
            ["Garam.Background"] = [],
            ["Garam.Broker"] = ["Garam.Kafka", "Garam.Background"],
            ["Garam.Messaging"] = ["Garam.Background"],
            ["Garam.Outbox"] = ["Garam.Messaging", "Garam.Background"],
            ["Garam.Content"] = ["Garam.Outbox", "Garam.Background"],
            ["Garam.Operations"] = ["Garam.Messaging", "Garam.Background", "Garam.Kafka"],
            ["Garam.Console"] = ["Garam.Operations", "Garam.Background"],
            ["Garam"] = ["Garam.Broker", "Garam.Content", "Garam.Operations", "Garam.Console", "Garam.Background"],
        };
        foreach (var project in House.Projects)
        {
            var references = System.Xml.Linq.XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
            references.ShouldBeSubsetOf(allowed[Path.GetFileNameWithoutExtension(project)], House.Relative(project));
        }
    }

    [Fact]
    public void A_class_is_sealed_unless_somebody_inherits_it()
    {
        var parents = House.Assemblies.SelectMany(assembly => assembly.GetTypes()).Select(type => type.BaseType).Where(type => type is not null)
            .Select(type => type!.IsGenericType ? type.GetGenericTypeDefinition() : type).ToHashSet();
        House.Types.Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false } && !parents.Contains(type) && !IsPage(type)).Select(type => type.FullName)
            .ShouldBeEmpty("an open class is a promise: seal it, or make it abstract");
    }

    /// <summary>Several hosts may run in one process, as they do in tests: what they share must be immutable or thread-safe.</summary>
    [Fact]
    public void Static_fields_hold_nothing_that_threads_cannot_share()
    {
        Type[] unsafeToShare =
        [
            typeof(NullabilityInfoContext), typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(SortedDictionary<,>), typeof(SortedSet<>), typeof(Queue<>), typeof(Stack<>),
            typeof(LinkedList<>), typeof(PriorityQueue<,>), typeof(Random), typeof(System.Text.StringBuilder), typeof(MemoryStream),
        ];
        var shared = from type in House.Types
                     from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                     where !field.IsDefined(typeof(ThreadStaticAttribute))
                     let held = field.FieldType.IsGenericType ? field.FieldType.GetGenericTypeDefinition() : field.FieldType
                     where unsafeToShare.Contains(held) || !(field.IsInitOnly || field.IsLiteral)
                     where !SharedOnPurpose.ContainsKey(type.Name)
                     select $"{type.Name}.{field.Name}: {held.Name}";
        shared.ShouldBeEmpty("make it readonly and immutable (FrozenDictionary, IReadOnlyList), or give each host its own");
    }

    [Fact]
    public void Every_log_message_has_a_number_of_its_own()
    {
        var methods = House.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Name: $"{method.DeclaringType!.Name}.{method.Name}", Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(method => method.Message is not null).ToList();
        methods.ShouldNotBeEmpty();
        methods.GroupBy(method => method.Message!.EventId).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(method => method.Name))}").ShouldBeEmpty();
    }

    [Fact]
    public void Logs_are_written_by_generated_methods_only() =>
        Offenders(line => line.Contains(".LogInformation(") || line.Contains(".LogWarning(") || line.Contains(".LogError(") || line.Contains(".LogDebug("))
            .ShouldBeEmpty("use [LoggerMessage]: it has a number and costs nothing when it is off");

    [Fact]
    public void Nobody_throws_a_bare_exception() =>
        Offenders(line => line.Contains("throw new Exception(")).ShouldBeEmpty("an error says of which kind it is");

    [Fact]
    public void Time_is_injected() =>
        Offenders(line => line.Contains("DateTime.Now") || line.Contains("DateTime.UtcNow") || line.Contains("DateTimeOffset.Now") || line.Contains("DateTimeOffset.UtcNow") || line.Contains("Thread.Sleep("))
            .ShouldBeEmpty("take a TimeProvider: tests own the clock");

    [Fact]
    public void No_background_work_is_fire_and_forget()
    {
        var found = Offenders(line => StartsWork().IsMatch(line) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .Where(offender => !offender.StartsWith("src/Garam.Background/", StringComparison.Ordinal)).ToList();
        found.Where(offender => !ObservedOtherwise.Keys.Any(file => offender.StartsWith(file, StringComparison.Ordinal)))
            .ShouldBeEmpty("start it through BackgroundWork, so that a failure is logged and shown by health");
        ObservedOtherwise.Keys.Where(file => !found.Exists(offender => offender.StartsWith(file, StringComparison.Ordinal)))
            .ShouldBeEmpty("the exception is no longer needed");
    }

    /// <summary>Types whose static state changes, and why that is safe.</summary>
    private static IReadOnlyDictionary<string, string> SharedOnPurpose { get; } = new Dictionary<string, string>
    {
        ["BufferPool"] = "one pool for the process, as memory is; each field is read and written atomically",
        ["LocalTime"] = "set once, before the arguments of the command line are parsed",
    };

    /// <summary>Where work is started without BackgroundWork, and how its failure is seen nevertheless.</summary>
    private static IReadOnlyDictionary<string, string> ObservedOtherwise { get; } = new Dictionary<string, string>
    {
        ["src/Garam.Broker/Log/LogManager.cs"] = "every caller awaits the task and gets its failure",
        ["src/Garam.Content/Cache/VisiblePosts.cs"] = "a reading hands its failure to all who wait for the post",
        ["src/Garam.Messaging/Consuming/LaneThreads.cs"] = "a lane catches everything itself and holds its partition",
    };

    [GeneratedRegex(@"\bTask\.Run\(|\bTask\.Factory\.StartNew\(|\bnew (System\.Threading\.)?(Thread|Timer)\(|\.ContinueWith\(|QueueUserWorkItem\(|^\s*(public|internal|private|static)\b.*\basync void\b|\b_ = [\w.!?]*(Async|Run)\(|(Time|Clock|_time|time|TimeProvider\.System)\.CreateTimer\(")]
    private static partial Regex StartsWork();

    // The Razor compiler writes these classes, and leaves them open.
    private static bool IsPage(Type type) => typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type) || type.Name == "_Imports";

    private static IEnumerable<string> Offenders(Predicate<string> offends) =>
        from file in House.Sources
        where !file.Contains("Garam.Kafka.Generator")
        from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
        where offends(line.text)
        select $"{House.Relative(file)}:{line.number}: {line.text.Trim()}";
}
