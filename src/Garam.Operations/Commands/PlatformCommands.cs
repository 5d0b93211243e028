using System.Globalization;

namespace Garam.Operations.Commands;

/// <summary>The commands that look at a whole cluster, or at a running platform over HTTP.</summary>
public static class PlatformCommands
{
    /// <summary><c>garam up</c>.</summary>
    public static ShellCommand Up() => new("up") { AsksKafka = false };

    /// <summary><c>garam cluster health</c>, which watches for long enough to see whether groups advance.</summary>
    public static ShellCommand Health() => new ShellCommand("cluster health").With("--watch", "20s");

    /// <summary><c>garam cluster describe</c>.</summary>
    public static ShellCommand Cluster() => new ShellCommand("cluster describe").With("--sizes");

    /// <summary><c>garam outbox list</c>.</summary>
    /// <param name="outbox">Null: every outbox.</param>
    /// <param name="all">Those that merely wait, too.</param>
    /// <param name="server">The platform; null: the usual address.</param>
    public static ShellCommand Outbox(string? outbox, bool all, Uri? server) =>
        Of(new ShellCommand("outbox list").WithIf(outbox, "--outbox").WithIf(all, "--all"), server);

    /// <summary><c>garam outbox retry|remove|dead-letter</c>.</summary>
    /// <param name="verb">The action, as the command line and the HTTP API call it.</param>
    /// <param name="outbox">The outbox.</param>
    /// <param name="id">The message.</param>
    /// <param name="server">The platform; null: the usual address.</param>
    public static ShellCommand Decide(string verb, string outbox, long id, Uri? server) =>
        Of(new ShellCommand($"outbox {verb}", id.ToString(CultureInfo.InvariantCulture)).With("--outbox", outbox), server).With("--yes");

    /// <summary><c>garam content life</c>.</summary>
    /// <param name="post">Its id.</param>
    /// <param name="server">The platform; null: the usual address.</param>
    public static ShellCommand Life(string post, Uri? server) => Of(new ShellCommand("content life", post), server);

    private static ShellCommand Of(ShellCommand command, Uri? server) => (command with { AsksKafka = false }).WithIf(server?.OriginalString.TrimEnd('/'), "--server");
}
