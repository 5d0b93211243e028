namespace Garam.Broker.Log;

/// <summary>A part of a log that could not be read.</summary>
/// <param name="Offset">The first offset that may be missing.</param>
/// <param name="What">Where and what, for the log.</param>
internal sealed record LogDamage(long Offset, string What);
