using Garam.Logging;
using Microsoft.Extensions.Logging;

namespace Garam.Tests.Logging;

public sealed class LogLinesTests
{
    [Fact]
    public void What_happens_is_one_line_with_its_time_kind_place_and_number()
    {
        var output = new StringWriter();
        using (var lines = new LogLines(LogLevel.Information, output, new Noon()))
        {
            var ours = lines.CreateLogger("Garam.Broker.Log");
            ours.LogInformation(new EventId(1101), "opened\n{Count} logs", 3);
            ours.LogDebug("too small to tell");
            var others = lines.CreateLogger("Microsoft.Hosting");
            others.LogInformation("not of interest");
            others.LogError(new EventId(7), new InvalidOperationException("no"), "failed");
        }
        output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "12:00:00.250Z info: Garam.Broker.Log[1101] opened 3 logs",
            "12:00:00.250Z fail: Microsoft.Hosting[7] failed System.InvalidOperationException: no",
        ]);
    }

    [Fact]
    public void Who_logs_never_waits_for_who_reads()
    {
        var output = new Stuck();
        using var lines = new LogLines(LogLevel.Warning, output, TimeProvider.System);
        var logger = lines.CreateLogger("Garam");
        for (var i = 0; i < 10_000; i++) logger.LogWarning("line {Number}", i);
        output.Reading.Set();
        lines.Dispose();
        output.Lines.Count.ShouldBeLessThan(10_000);
        output.Lines.ShouldContain(line => line.EndsWith("lines were left out here", StringComparison.Ordinal));
    }

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 12, 0, 0, 250, TimeSpan.Zero);
    }

    private sealed class Stuck : StringWriter
    {
        public ManualResetEventSlim Reading { get; } = new();

        public List<string> Lines { get; } = [];

        public override void WriteLine(string? value)
        {
            Reading.Wait(TimeSpan.FromSeconds(20));
            Lines.Add(value!);
        }
    }
}
