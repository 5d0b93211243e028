namespace Garam.Broker.Tests;

/// <summary>A directory that goes away with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("garam-test-").FullName;

    /// <summary>A broker that keeps its data here.</summary>
    public KafkaBrokerOptions Options => new() { DataDirectory = Path };

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
