namespace Garam.Faults.Runs;

/// <summary>What one run is.</summary>
internal sealed record RunOptions
{
    /// <summary>Decides the scenario and every fault.</summary>
    public required int Seed { get; init; }

    /// <summary>Faults before the end. Default 8.</summary>
    public int Faults { get; init; } = 8;

    /// <summary>The most sends that succeed between two faults. Default 1500.</summary>
    public int Sends { get; init; } = 1500;

    /// <summary>Kills alone, without any other fault. Default false.</summary>
    public bool OnlyKills { get; init; }

    /// <summary>Where the data, the history and the logs are kept until the run is found to be good. Default: a temporary folder.</summary>
    public string Folder { get; init; } = Path.GetTempPath();
}
