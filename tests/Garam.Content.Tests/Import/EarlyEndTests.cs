using Garam.Content.Import;

namespace Garam.Content.Tests.Import;

public sealed class EarlyEndTests
{
    private static readonly string File = string.Join('\n', Enumerable.Range(1, 100).Select(line => $$"""{"text": "글 {{line}}"}"""));

    [Fact]
    public async Task A_platform_in_trouble_ends_the_import_and_the_report_says_where_to_go_on()
    {
        await using var server = await StubbornServer.StartAsync(failAt: 41);
        using var importer = new ContentImporter(new ImportOptions { Server = server.Address, Concurrency = 1 });
        var report = await importer.RunAsync(new StringReader(File), ImportFormat.Ndjson, null, CancellationToken.None);
        report.Failure.ShouldNotBeNull().ShouldContain("500");
        report.Total.Created.ShouldBe(40);
        report.ResumeFrom.ShouldBe(41);
    }

    [Fact]
    public async Task An_import_goes_on_from_a_line()
    {
        await using var server = await StubbornServer.StartAsync(failAt: int.MaxValue);
        using var importer = new ContentImporter(new ImportOptions { Server = server.Address, FromLine = 41 });
        var report = await importer.RunAsync(new StringReader(File), ImportFormat.Ndjson, null, CancellationToken.None);
        report.Total.Created.ShouldBe(60);
        report.ResumeFrom.ShouldBeNull();
    }

    [Fact]
    public async Task A_cancelled_import_says_where_to_go_on()
    {
        await using var server = await StubbornServer.StartAsync(failAt: int.MaxValue);
        using var importer = new ContentImporter(new ImportOptions { Server = server.Address, Concurrency = 4 });
        using var cancellation = new CancellationTokenSource();
        using var file = new CancellingReader(File, atLine: 50, cancellation);
        var report = await importer.RunAsync(file, ImportFormat.Ndjson, null, cancellation.Token);
        report.Failure.ShouldBeNull();
        report.ResumeFrom.ShouldBe(report.Total.Created + 1, "what was on its way was awaited");
    }

    /// <summary>A reader in whose middle the user presses Ctrl-C.</summary>
    private sealed class CancellingReader(string text, int atLine, CancellationTokenSource cancellation) : TextReader
    {
        private readonly StringReader _text = new(text);
        private int _line;

        // A line at a time, however many fit into the buffer.
        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            if (++_line == atLine)
                cancellation.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            if (_text.ReadLine() is not { } line)
                return ValueTask.FromResult(0);
            $"{line}\n".CopyTo(buffer.Span);
            return ValueTask.FromResult(line.Length + 1);
        }
    }
}
