using System.Text.RegularExpressions;

namespace Garam.House.Tests;

public sealed partial class PageRules
{
    [Fact]
    public void Every_link_in_a_page_leads_somewhere()
    {
        var broken = from page in House.Pages
                     from Match link in Link().Matches(File.ReadAllText(page))
                     let target = link.Groups[1].Value.Split('#')[0]
                     where target.Length > 0 && !target.Contains("://") && !target.StartsWith("mailto:", StringComparison.Ordinal)
                     where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
                     select $"{House.Relative(page)} -> {target}";
        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Every_path_that_a_page_names_exists()
    {
        var missing = from page in House.Pages
                      from Match path in NamedPath().Matches(File.ReadAllText(page))
                      where !Path.Exists(Path.Combine(House.Root, path.Groups[1].Value))
                      select $"{House.Relative(page)}: {path.Groups[1].Value}";
        missing.ShouldBeEmpty("a page that names a file that is gone is worse than no page");
    }

    [Fact]
    public void Every_test_that_a_page_names_exists()
    {
        var sources = House.TestSources.Select(File.ReadAllText).ToList();
        var missing = from page in House.Pages
                      from Match test in NamedTest().Matches(File.ReadAllText(page))
                      where !sources.Exists(source => Regex.IsMatch(source, $@"class {test.Groups[1]}\b") && source.Contains($"{test.Groups[2]}("))
                      select $"{House.Relative(page)}: {test}";
        missing.ShouldBeEmpty("a promise without a test is only a promise");
    }

    /// <summary>A C# block that follows a comment <c>&lt;!-- snippet: FILE --&gt;</c> is that file, which the tests compile.</summary>
    [Fact]
    public void Every_csharp_block_is_code_that_is_compiled_and_run()
    {
        foreach (var page in House.Pages)
        {
            var text = File.ReadAllText(page);
            var blocks = Snippet().Matches(text);
            CSharpFence().Count(text).ShouldBe(blocks.Count, $"{House.Relative(page)}: put <!-- snippet: FILE --> before every C# block");
            foreach (Match block in blocks)
                (block.Groups[2].Value.Trim() == Body(Path.Combine(House.Root, block.Groups[1].Value))).ShouldBeTrue($"{House.Relative(page)} shows something else than {block.Groups[1].Value}");
        }
    }

    /// <summary>The part of a source file between its <c>// snippet</c> marks, moved to the left margin.</summary>
    private static string Body(string file)
    {
        var lines = File.ReadAllLines(file);
        var begin = Array.FindIndex(lines, line => line.Trim() == "// <snippet>");
        var end = Array.FindIndex(lines, line => line.Trim() == "// </snippet>");
        var body = begin < 0 ? lines : lines[(begin + 1)..end];
        var margin = body.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', body.Select(line => line.Length >= margin ? line[margin..] : "")).Trim();
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|docs|deploy|bench|eng|\.ci)/[A-Za-z0-9_./-]+)`")]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"`(\w+(?:Tests|Contract))(?:\.(\w+))?`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"<!-- snippet: ([^ ]+) -->\s*```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"^```csharp", RegexOptions.Multiline)]
    private static partial Regex CSharpFence();
}
