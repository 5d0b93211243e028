using Garam.Broker.Resources;

namespace Garam.Broker.Network;

/// <summary>The bounds that a client meets.</summary>
internal sealed record NetworkOptions
{
    /// <summary><c>socket.request.max.bytes</c>: the largest request. Default 100 MiB.</summary>
    public int MaxRequestBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary><c>max.connections</c>. Default 10,000.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary><c>connections.max.idle.ms</c>: a connection without traffic is closed after this. Default 10 minutes.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Requests of one connection that may wait for an answer before no more of them are read.</summary>
    public int MaxUnanswered { get; init; } = 512;

    /// <summary>Bytes of such requests, after which no more are read either. Default 16 MiB.</summary>
    public int MaxUnansweredBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of written answers of all connections that wait for their clients to read them. Default 128 MiB.</summary>
    public long MaxUnsentBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>How long a client may read nothing of its answer while others wait for memory. Default 10 seconds.</summary>
    public TimeSpan MaxStall { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the descriptors of connections are counted in. Default: those of the process.</summary>
    public FileDescriptors Descriptors { get; init; } = FileDescriptors.OfProcess;

    /// <summary>Whether connections are served by <see cref="PollLoop"/>s; else by .NET's thread pool. Default: where there is epoll.</summary>
    public bool UsesPollLoops { get; init; } = OperatingSystem.IsLinux();
}
