using Garam.Faults.Histories;

namespace Garam.Faults.Checking;

/// <summary>One record that a client was given.</summary>
internal sealed record Read(string Client, Place Place, ReadRecord Record, int Line);
