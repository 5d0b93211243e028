using Garam.Broker.Log;

namespace Garam.Broker.Tests.Log;

/// <summary>A process has fewer file handles than a broker may have partitions.</summary>
public sealed class OpenFilesTests : IAsyncDisposable
{
    private const int Partitions = 100;

    private readonly LogFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public void Partitions_that_nobody_has_written_to_hold_no_file_open_not_even_after_their_first_checkpoint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "open files are listed in /proc");
        _folder.Open();
        var logs = Enumerable.Range(0, Partitions).Select(partition => _folder.Manager.Create(new TopicPartition("many", partition), Guid.NewGuid(), new LogConfig())).ToList();
        OpenFiles().ShouldBeEmpty();

        foreach (var log in logs)
            log.Checkpoint();
        SpinWait.SpinUntil(() => logs.TrueForAll(log => log.IsFlushed), TimeSpan.FromSeconds(30)).ShouldBeTrue();
        OpenFiles().ShouldBeEmpty();
    }

    private IReadOnlyList<string> OpenFiles() =>
    [
        .. Directory.EnumerateFiles("/proc/self/fd").Select(TargetOf).OfType<string>().Where(target => target.StartsWith(_folder.Path, StringComparison.Ordinal) && target.EndsWith(LogSegment.LogExtension, StringComparison.Ordinal)),
    ];

    private static string? TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null; // closed since it was listed, by a test beside this one
        }
    }
}
