namespace Garam.Faults.Histories;

/// <summary>How far an operation has come. Between <see cref="Invoke"/> and its end it may take effect at any moment.</summary>
internal enum Outcome
{
    Invoke,

    /// <summary>It took effect.</summary>
    Ok,

    /// <summary>It did not, and never will.</summary>
    Fail,

    /// <summary>Nobody knows: the answer was lost.</summary>
    Info,
}
