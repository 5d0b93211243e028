using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>A send from its beginning to its end. One that never ended is <see cref="Outcome.Info"/>.</summary>
/// <param name="Client">Who sent it.</param>
/// <param name="Place">Where to.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">Unique.</param>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="Outcome">Never <see cref="Outcome.Invoke"/>.</param>
/// <param name="Offset">Where it is; only of one that is <see cref="Outcome.Ok"/>.</param>
/// <param name="Begin">The number of the line that began it.</param>
/// <param name="End">The number of the line that ended it; that of no line when it never did.</param>
internal sealed record Send(string Client, Place Place, string? Key, string Value, long? Timestamp, Outcome Outcome, long Offset, int Begin, int End);
