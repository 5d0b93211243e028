using Garam.Broker;

namespace Garam.Tests.Cli;

/// <summary><c>garam broker check</c>, on what a broker has stored.</summary>
public sealed class BrokerCheckTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("garam-tests-");

    private string BrokerPath => Path.Combine(_data.FullName, "broker");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task What_is_intact_is_said_and_what_is_damaged_is_named_and_is_an_exit_code()
    {
        await using (await KafkaBroker.StartAsync(new KafkaBrokerOptions { DataDirectory = BrokerPath }))
        {
        }
        var intact = (await GaramCli.RunAsync("broker", "check", _data.FullName)).ShouldExitWith(0);
        intact.Lines[0].ShouldStartWith("__metadata-0: intact: 2 records in 1 segment");
        intact.Lines[^1].ShouldEndWith("Everything is intact.");
        (await GaramCli.RunAsync("broker", "check", BrokerPath)).ShouldExitWith(0).Out.ShouldBe(intact.Out, "the directory of the broker itself will do");

        var segment = Directory.GetFiles(Path.Combine(BrokerPath, "__metadata-0"), "*.log").ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        bytes[(bytes.Length / 2) - 3] ^= 1; // of the first of two batches of the same size
        await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);
        var damaged = (await GaramCli.RunAsync("broker", "check", _data.FullName)).ShouldExitWith(8);
        damaged.Out.ShouldContain("__metadata-0: damaged");
        damaged.Out.ShouldContain("00000000000000000000.log, byte 0: the checksum of the batch at offset 0 (");
        damaged.Lines[^3].ShouldStartWith("__metadata-0: damaged: 1 intact record in 1 segment", Case.Sensitive, "what is damaged is at the end, below what is intact");
        damaged.Lines[^2].ShouldContain("does not match its bytes");
        damaged.Lines[^1].ShouldContain("Damaged: 1.");
    }

    [Fact]
    public async Task A_directory_that_a_broker_uses_and_one_that_is_none_are_one_line_each()
    {
        (await GaramCli.RunAsync("broker", "check", _data.FullName)).ShouldExitWith(1).Error.ShouldContain("is not the data directory of a broker");
        await using var broker = await KafkaBroker.StartAsync(new KafkaBrokerOptions { DataDirectory = BrokerPath });
        (await GaramCli.RunAsync("broker", "check", _data.FullName)).ShouldExitWith(1).Error.ShouldContain("is used by another broker. Stop that one");
    }
}
