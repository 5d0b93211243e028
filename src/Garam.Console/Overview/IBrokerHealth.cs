namespace Garam.Console.Overview;

/// <summary>What the host knows to be wrong with a broker that it runs itself; the overview and the status line show it. Optional: register one to have it shown.</summary>
public interface IBrokerHealth
{
    /// <summary>One sentence for each problem of now; empty when nothing is known to be wrong.</summary>
    IReadOnlyList<string> Problems { get; }
}
