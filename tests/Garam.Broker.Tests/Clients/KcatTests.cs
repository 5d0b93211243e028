using System.ComponentModel;
using System.Diagnostics;

namespace Garam.Broker.Tests.Clients;

/// <summary>kcat, as people type it.</summary>
public sealed class KcatTests
{
    [Fact]
    public async Task It_lists_produces_and_consumes()
    {
        await using var broker = await KafkaBroker.StartAsync();
        (await KcatAsync(broker, "", "-L")).ShouldContain("broker 1 at " + broker.BootstrapServers);
        await KcatAsync(broker, "a:하나\nb:둘\na:셋\n", "-P", "-t", "orders", "-K", ":");
        (await KcatAsync(broker, "", "-C", "-t", "orders", "-o", "beginning", "-e", "-q", "-f", "%o %k=%s\\n")).ShouldBe("0 a=하나\n1 b=둘\n2 a=셋\n");
        (await KcatAsync(broker, "", "-C", "-t", "orders", "-o", "-1", "-e", "-q")).ShouldBe("셋\n");
        (await KcatAsync(broker, "", "-Q", "-t", "orders:0:-1")).ShouldContain("offset 3");
        (await KcatAsync(broker, "", "-L")).ShouldContain("topic \"orders\" with 1 partitions");
    }

    [Fact]
    public async Task It_consumes_in_a_group_and_goes_on_where_it_was()
    {
        await using var broker = await KafkaBroker.StartAsync();
        await KcatAsync(broker, "1\n2\n", "-P", "-t", "orders");
        (await KcatAsync(broker, "", "-G", "readers", "-X", "auto.offset.reset=earliest", "-c", "2", "-q", "orders")).ShouldBe("1\n2\n");
        await KcatAsync(broker, "3\n", "-P", "-t", "orders");
        (await KcatAsync(broker, "", "-G", "readers", "-X", "auto.offset.reset=earliest", "-c", "1", "-q", "orders")).ShouldBe("3\n");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    public async Task It_compresses(string codec)
    {
        await using var broker = await KafkaBroker.StartAsync();
        var lines = string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i} {new string('y', 50)}\n"));
        await KcatAsync(broker, lines, "-P", "-t", "orders", "-z", codec);
        (await KcatAsync(broker, "", "-C", "-t", "orders", "-o", "beginning", "-e", "-q")).ShouldBe(lines);
    }

    private static async Task<string> KcatAsync(KafkaBroker broker, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("kcat", ["-b", broker.BootstrapServers, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Start(start);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        return output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("kcat is not installed (Debian: apt-get install kcat)");
            throw;
        }
    }
}
