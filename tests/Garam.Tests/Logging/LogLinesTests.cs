using Garam.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Garam.Tests.Logging;

public sealed class LogLinesTests
{
    [Fact]
    public void What_happens_is_one_line_with_its_time_kind_place_and_number()
    {
        var output = new StringWriter();
        using (var lines = new LogLines(LogLevel.Information, output, new FakeTimeProvider(new DateTimeOffset(2026, 11, 21, 12, 0, 0, 250, TimeSpan.Zero))))
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

    [Fact]
    public void A_stderr_that_cannot_be_written_costs_lines_and_their_number_is_told_when_it_can_be_written_again()
    {
        var output = new Full { Failures = 3 };
        var lines = new LogLines(LogLevel.Warning, output, TimeProvider.System);
        var logger = lines.CreateLogger("Garam");
        for (var i = 0; i < 5; i++) logger.LogWarning("line {Number}", i);
        lines.Dispose();
        output.Lines.Count.ShouldBe(3);
        output.Lines[0].ShouldEndWith("line 3");
        output.Lines[1].ShouldBe("3 lines were left out here");
        output.Lines[2].ShouldEndWith("line 4");
    }

    [Fact]
    public void A_stderr_that_can_never_be_written_ends_nothing()
    {
        var output = new Full { Failures = int.MaxValue };
        var lines = new LogLines(LogLevel.Warning, output, TimeProvider.System);
        var logger = lines.CreateLogger("Garam");
        for (var i = 0; i < 10; i++) logger.LogWarning("line {Number}", i);
        lines.Dispose();
        output.Lines.ShouldBeEmpty();
        logger.LogWarning("after the end");
    }

    private sealed class Full : StringWriter
    {
        public int Failures { get; set; }

        public List<string> Lines { get; } = [];

        public override void WriteLine(string? value)
        {
            if (Failures-- > 0) throw new IOException("No space left on device");
            Lines.Add(value!);
        }
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
