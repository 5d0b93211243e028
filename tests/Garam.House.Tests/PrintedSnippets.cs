using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Garam.House.Tests;

/// <summary>What a newcomer copies from a page compiles with the namespaces that the page names, and nothing else.</summary>
public sealed partial class PrintedSnippets
{
    private const string Console = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http;
        global using System.Threading; global using System.Threading.Tasks;
        """;

    private const string Web = Console + """

        global using System.Net.Http.Json; global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Hosting; global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing; global using Microsoft.Extensions.Configuration; global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        """;

    /// <summary>What the pages leave to their readers.</summary>
    private const string Yours = """
        public sealed record Order(string Id);
        public sealed class InvalidOrderException : Exception;
        public interface IBilling { Task ChargeAsync(Order order, CancellationToken ct); }
        public sealed class Billing : IBilling { public Task ChargeAsync(Order order, CancellationToken ct) => Task.CompletedTask; }
        """;

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.ko.md")]
    [InlineData("docs/messaging.md")]
    public void The_first_snippet_of_a_page_compiles_as_it_is_printed(string page)
    {
        var text = File.ReadAllText(Path.Combine(House.Root, page));
        var printed = Printed().Match(text);
        printed.Success.ShouldBeTrue("name the namespaces in the paragraph above the snippet: Namespaces: `A`, `B`.");
        var named = Quoted().Matches(printed.Groups["namespaces"].Value).Select(name => $"using {name.Groups[1].Value};");
        string[] sources =
        [
            text[..printed.Index].Contains("Microsoft.NET.Sdk.Web") ? Web : Console,
            string.Join('\n', named) + "\n" + printed.Groups["code"].Value,
            Yours,
        ];

        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create("printed", sources.Select(source => CSharpSyntaxTree.ParseText(source)), references, new(OutputKind.ConsoleApplication));
        compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error).Select(diagnostic => $"{diagnostic}").ShouldBeEmpty();
    }

    [GeneratedRegex(@"(?:Namespaces|네임스페이스): (?<namespaces>(?:`[\w.]+`,?\s*)+)[^<]*<!-- snippet: [^ ]+ -->\s*```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Printed();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
