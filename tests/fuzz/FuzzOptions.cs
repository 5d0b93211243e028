namespace Garam.Fuzz;

/// <summary>What a run does.</summary>
internal sealed record FuzzOptions
{
    /// <summary>How many inputs. Default: 100,000.</summary>
    public long Inputs { get; init; } = 100_000;

    /// <summary>Decides every input. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where to begin: a finding names its epoch. Default: 0.</summary>
    public int FirstEpoch { get; init; }

    /// <summary><c>requests</c>, <c>batches</c> or <c>streams</c>. Default (null): all of them in turn.</summary>
    public string? Target { get; init; }

    /// <summary>A new broker or log after so many inputs, with a seed of its own: what a mutated request has made does not pile up. Default: 10,000.</summary>
    public int InputsPerEpoch { get; init; } = 10_000;

    /// <summary>An input that takes longer hangs. Default: 20 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The end of an epoch, with a restart on what thousands of inputs have left, may take this long. Default: 3 minutes.</summary>
    public TimeSpan PatienceAtTheEnd { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>What the process may hold. Default: 768 MiB.</summary>
    public long MaxResidentBytes { get; init; } = 768L << 20;

    /// <summary>Where the log directories of the batches are left, for other tools to read. Default (null): nowhere.</summary>
    public string? KeepDirectory { get; init; }
}
