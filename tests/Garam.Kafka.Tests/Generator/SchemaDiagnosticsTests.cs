using Garam.Kafka.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Garam.Kafka.Tests.Generator;

/// <summary>A mistake in a schema is a compiler error at its line that says what to write.</summary>
public sealed class SchemaDiagnosticsTests
{
    private const string Head = "message Sample versions 0-3 flexible 2+\n";

    [Theory]
    [InlineData("api x Sample versions 0-3\n", 0, "'api KEY NAME versions")]
    [InlineData("struct Sample\n", 0, "'api' (once, first) or 'message'")]
    [InlineData("message Sample versions 3-0\n", 0, "no range of versions")]
    [InlineData("message Sample versions 0-3 flexible 1-2\n", 0, "flexible FIRST+")]
    [InlineData("api 1 Sample versions 0-3\nresponse\n  a int8\n", 1, "'request'")]
    [InlineData(Head + "  count\n", 1, "'name type")]
    [InlineData(Head + "  count int33\n", 1, "neither a primitive type nor a structure")]
    [InlineData(Head + "  count int32?\n", 1, "cannot be null")]
    [InlineData(Head + "  count int32 4\n", 1, "reach beyond 0-3")]
    [InlineData(Head + "  count int32 tag 0\n", 1, "versions that are flexible")]
    [InlineData(Head + "  count int32 2+ tag x\n", 1, "no tag")]
    [InlineData(Head + "  name string = 5\n", 1, "no default")]
    [InlineData(Head + "  name string = null\n", 1, "no default")]
    [InlineData(Head + "  a int8\n    b int8\n", 2, "no fields of its own")]
    [InlineData(Head + "  a int8\n a int16\n", 2, "spaces before the field")]
    [InlineData(Head + "  a int8\n  a int16\n", 2, "two fields 'a'")]
    [InlineData(Head + "\ta int8\n", 1, "indent with spaces")]
    [InlineData(Head + "  a [Part] 2+\n    x int8\n  b [Part]\n", 3, "lack some of this field's")]
    [InlineData(Head + "  a [Part]\n    x int8\n  b [Part]\n    x int8\n", 3, "name it only")]
    public void A_mistake_is_reported_at_its_line(string schema, int line, string hint)
    {
        var diagnostic = Run(schema).Diagnostics.ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe("GKG001");
        diagnostic.Severity.ShouldBe(DiagnosticSeverity.Error);
        diagnostic.Location.GetLineSpan().Path.ShouldBe("Sample.kafka");
        diagnostic.Location.GetLineSpan().StartLinePosition.Line.ShouldBe(line);
        diagnostic.GetMessage().ShouldContain(hint);
    }

    [Fact]
    public void A_schema_that_is_edited_regenerates_alone()
    {
        var (first, second) = (new Schema("A.kafka", Head + "  a int8\n"), new Schema("B.kafka", Head + "  b int8\n"));
        var options = new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true);
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new MessageGenerator().AsSourceGenerator()], [first, second], driverOptions: options);
        var compilation = CSharpCompilation.Create("Sample");
        driver = driver.RunGenerators(compilation)
            .ReplaceAdditionalText(first, new Schema("A.kafka", Head + "  a int16\n"))
            .RunGenerators(compilation);

        var outputs = driver.GetRunResult().Results.Single().TrackedOutputSteps
            .SelectMany(step => step.Value)
            .SelectMany(run => run.Outputs)
            .Select(output => output.Reason)
            .ToList();
        outputs.Count(reason => reason == IncrementalStepRunReason.Modified).ShouldBe(1);
    }

    private static GeneratorDriverRunResult Run(string schema) => CSharpGeneratorDriver
        .Create([new MessageGenerator().AsSourceGenerator()], [new Schema("Sample.kafka", schema)])
        .RunGenerators(CSharpCompilation.Create("Sample"))
        .GetRunResult();

    private sealed class Schema(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
