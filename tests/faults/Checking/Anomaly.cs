namespace Garam.Faults.Checking;

/// <param name="Name">Jepsen's name where there is one.</param>
/// <param name="What">Which record, where, and who saw it.</param>
internal sealed record Anomaly(string Name, string What);
