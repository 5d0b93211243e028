using Garam.Broker.Log;
using Garam.Kafka;

namespace Garam.Broker.Tests.Log;

/// <summary>Files and folders that people and programs leave in a data directory.</summary>
public sealed class UnknownFilesTests : IAsyncDisposable
{
    private readonly LogFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("1.log")]
    [InlineData("x.log")]
    [InlineData("99999999999999999999.log")]
    [InlineData("00000000000000000000.log.bak")]
    [InlineData("copy of 00000000000000000000.log")]
    [InlineData("x.swap")]
    [InlineData("0.log.swap")]
    [InlineData("00000000000000000000.log.swap")]
    [InlineData("x.cleaned")]
    [InlineData("x.snapshot")]
    [InlineData("mine.tmp")]
    [InlineData("mine.deleted")]
    [InlineData(".nfs000000000012")]
    [InlineData("lost+found/")]
    [InlineData("backup.deleted/")]
    [InlineData("00000000000000000007.log/")]
    [InlineData("00000000000000000000.log.swap/")]
    [InlineData("00000000000000000007.snapshot/")]
    public async Task A_name_that_the_broker_did_not_write_is_left_alone_and_does_not_keep_it_from_starting(string name)
    {
        var log = _folder.Open();
        log.Append(Batches.Of("kept"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        await _folder.StopAsync();
        var path = Path.Combine(_folder.PartitionPath, name);
        if (name.EndsWith('/')) Directory.CreateDirectory(path);
        else await File.WriteAllTextAsync(path, name == "00000000000000000000.log.swap" ? "" : "mine", TestContext.Current.CancellationToken);

        log = _folder.Open();
        Batches.ReadAll(log).Select(record => record.Value).ShouldBe(["kept"]);
        log.Append(Batches.Of("more"), AppendOrigin.Client).Error.ShouldBe(ErrorCode.None);
        log = await _folder.RestartAsync();
        Batches.ReadAll(log).Select(record => record.Value).ShouldBe(["kept", "more"]);
        Path.Exists(path).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_ignored_is_named_in_a_warning()
    {
        _folder.Open();
        await _folder.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.PartitionPath, "notes.txt"), "mine", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_folder.PartitionPath, "lost+found"));
        _folder.Open();
        _folder.Messages.Count(message => message.StartsWith("Ignored ", StringComparison.Ordinal)).ShouldBe(2);
    }
}
