using System.Text;
using Garam.Kafka.Generator.Emit;
using Garam.Kafka.Generator.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Garam.Kafka.Generator;

/// <summary>
/// Turns every <c>*.kafka</c> schema of a project into C# classes, and all of them together into the table of APIs.
/// A schema that cannot be understood is error GKG001 at its line.
/// </summary>
[Generator]
public sealed class MessageGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor BadSchema = new(
        "GKG001", "Schema cannot be understood", "{0}", "Garam.Kafka.Schema", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var compiled = context.AdditionalTextsProvider
            .Where(file => file.Path.EndsWith(".kafka", StringComparison.Ordinal))
            .Select((file, cancellation) => Compile(file.Path, file.GetText(cancellation)?.ToString() ?? ""));
        context.RegisterSourceOutput(compiled, AddMessages);
        context.RegisterSourceOutput(compiled.Select((file, _) => file.Api).Collect(), (output, apis) =>
            output.AddSource("ApiInfo.g.cs", SourceText.From(ApiTableEmitter.Emit(apis.OfType<ApiSpec>()), Encoding.UTF8)));
    }

    private static Compiled Compile(string path, string text)
    {
        try
        {
            var file = SchemaParser.Parse(text);
            return new Compiled(path, file.Api, MessageEmitter.Emit(file), Problem: null, Line: 0);
        }
        catch (SchemaException problem)
        {
            return new Compiled(path, Api: null, Code: "", problem.Message, problem.Line);
        }
    }

    private static void AddMessages(SourceProductionContext output, Compiled file)
    {
        if (file.Problem is null)
        {
            output.AddSource(Path.GetFileNameWithoutExtension(file.Path) + ".g.cs", SourceText.From(file.Code, Encoding.UTF8));
            return;
        }
        var start = new LinePosition(file.Line, 0);
        var place = Location.Create(file.Path, default, new LinePositionSpan(start, start));
        output.ReportDiagnostic(Diagnostic.Create(BadSchema, place, file.Problem));
    }

    /// <summary>What one schema came to. Compared by value, so that an edit of one schema regenerates that schema only.</summary>
    private sealed record Compiled(string Path, ApiSpec? Api, string Code, string? Problem, int Line);
}
