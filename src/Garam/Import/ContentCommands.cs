using System.CommandLine;
using Garam.CommandLine;
using Garam.Content.Import;
using Garam.Lives;

namespace Garam.Import;

/// <summary>
/// <c>garam content import FILE</c>: a user's own texts become posts of a running platform, through its HTTP API.
/// The options name no type of the platform: they are built for every command, and <c>garam broker</c> must not load it.
/// </summary>
internal static class ContentCommands
{
    private static readonly Argument<string> File = new("FILE") { Description = "NDJSON or CSV (by the ending .csv); - is stdin" };
    internal static readonly Option<Uri> Server = new("--server")
    {
        Description = "where the platform serves HTTP; the variable GARAM_SERVER says it for all commands",
        HelpName = "URL",
        DefaultValueFactory = _ => ParseServer(Environment.GetEnvironmentVariable("GARAM_SERVER") is { Length: > 0 } named ? named : "http://127.0.0.1:8080"),
        CustomParser = result => Parsing.Checked(result, ParseServer)!,
    };

    private static readonly Option<string?> Format = new Option<string?>("--format") { Description = "ndjson or csv, whatever the file's name says", HelpName = "FORMAT" }
        .AcceptOnlyFromAmong("ndjson", "csv");

    private static readonly Option<int> Concurrency = new("--concurrency") { Description = "posts sent at the same time", HelpName = "N", DefaultValueFactory = _ => 64 };
    private static readonly Option<string?> Title = Field("--title", "title; the first 20 characters of the content if left out");
    private static readonly Option<string?> Content = Field("--content", "content");
    private static readonly Option<string?> User = Field("--user", "author");
    private static readonly Option<string?> Category = Field("--category", "category");
    private static readonly Option<long> FromLine = new("--from-line") { Description = "the line to begin at, as an import that ended early says", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Wait = new("--wait") { Description = "measure how soon posts are found by search, and end when the last ones are" };
    private static readonly Option<OutputFormat?> Shape = Output.Format();

    public static Command Create() => new("content", "Work with the content platform") { ImportCommand(), LifeCommand.Create() };

    private static Command ImportCommand()
    {
        var command = new Command("import", "Send the records of a file to a running platform, as posts")
        {
            File, Server, Format, Concurrency, Title, Content, User, Category, FromLine, Wait, Shape,
        };
        command.SetAction(ImportAsync);
        return command;
    }

    private static async Task<int> ImportAsync(ParseResult parsed, CancellationToken ct)
    {
        using var importer = new ContentImporter(new ImportOptions
        {
            Server = parsed.GetRequiredValue(Server),
            Concurrency = parsed.GetValue(Concurrency),
            TitleField = parsed.GetValue(Title),
            ContentField = parsed.GetValue(Content),
            UserField = parsed.GetValue(User),
            CategoryField = parsed.GetValue(Category),
            FromLine = parsed.GetValue(FromLine),
            Wait = parsed.GetValue(Wait),
        });
        var name = parsed.GetRequiredValue(File);
        using var file = name == "-" ? new StreamReader(System.Console.OpenStandardInput()) : Open(name);
        var format = (parsed.GetValue(Format) ?? name).EndsWith("csv", StringComparison.OrdinalIgnoreCase) ? ImportFormat.Csv : ImportFormat.Ndjson;
        using var progress = new ProgressLine();
        var report = await importer.RunAsync(file, format, progress, ct);
        progress.End();
        return Conclude(report, Output.Of(parsed, Shape), ct);
    }

    private static int Conclude(ImportReport report, OutputFormat shape, CancellationToken ct)
    {
        foreach (var refusal in report.Refusals)
            Talk.Say($"line {refusal.Line}: {refusal.Reason}");
        if (report.Failure is { } failure)
            Talk.Say(failure);
        if (report.ResumeFrom is { } line)
            Talk.Say($"not all was imported: go on with --from-line {line}");
        Output.Print(shape, [report],
            ("CREATED", done => done.Total.Created), ("REFUSED", done => done.Total.Refused), ("SECONDS", done => done.Total.Elapsed.TotalSeconds.ToString("F1")),
            ("POSTS/S", done => (long)done.Total.PostsPerSecond), ("SEARCHABLE P50", done => Milliseconds(done.Searchable?.P50)),
            ("P99", done => Milliseconds(done.Searchable?.P99)), ("MISSING", done => done.Searchable?.Missing));
        ct.ThrowIfCancellationRequested();
        return report.Failure is not null ? ExitCode.Unreachable
            : report.Total.Refused == 0 ? ExitCode.Ok
            : report.Total.Created > 0 ? ExitCode.Partial : ExitCode.Failure;
    }

    private static string? Milliseconds(TimeSpan? time) => time is null ? null : $"{time.Value.TotalMilliseconds:F0} ms";

    private static StreamReader Open(string name)
    {
        try
        {
            return new StreamReader(name);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure(ExitCode.NotFound, exception.Message);
        }
    }

    private static Option<string?> Field(string name, string what) => new(name) { Description = $"the field that holds the {what}", HelpName = "FIELD" };

    private static Uri ParseServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FormatException($"{text}: write an address like http://127.0.0.1:8080.");
}
