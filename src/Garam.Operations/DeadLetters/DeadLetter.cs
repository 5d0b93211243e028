using Garam.Messaging.Producing;
using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>Whether a letter still waits for somebody.</summary>
public enum DeadLetterState
{
    /// <summary>Nobody has sent it back.</summary>
    Open,

    /// <summary>It was sent back, and that was acknowledged.</summary>
    Redriven,
}

/// <summary>A record that could not be handled, and what its headers say of that. Whatever they do not say is null: headers may be missing, or nonsense.</summary>
/// <param name="Record">As it lies in the dead-letter topic: bytes, untouched.</param>
public sealed record DeadLetter(StoredRecord Record)
{
    /// <summary>Whose headers these are: <c>garam</c>, <c>spring</c>, <c>connect</c>, ...; null: of nobody we know.</summary>
    public string? Convention { get; init; }

    /// <summary>Topic that the record was read from.</summary>
    public string? SourceTopic { get; init; }

    /// <summary>Its partition there.</summary>
    public int? SourcePartition { get; init; }

    /// <summary>Its offset there.</summary>
    public long? SourceOffset { get; init; }

    /// <summary>Consumer group that gave it up.</summary>
    public string? Group { get; init; }

    /// <summary>How often its handler was tried.</summary>
    public int? Attempts { get; init; }

    /// <summary>Full name of the exception's type.</summary>
    public string? Exception { get; init; }

    /// <summary>The exception's message.</summary>
    public string? Message { get; init; }

    /// <summary>Where it was thrown.</summary>
    public string? Stack { get; init; }

    /// <summary>When it was given up; where its headers do not say so, the time of the record.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How often it had been sent back before it failed again; 0: never.</summary>
    public int Redrives { get; init; }

    /// <summary>The record's own headers, in their order: those of the failure and of earlier re-drives are left out.</summary>
    public IReadOnlyList<RecordHeader> OwnHeaders { get; init; } = [];

    /// <summary>When it was sent back, and where to; null while it is open.</summary>
    public Redriven? Redriven { get; init; }

    /// <summary>Whether it still waits for somebody.</summary>
    public DeadLetterState State => Redriven is null ? DeadLetterState.Open : DeadLetterState.Redriven;
}

/// <summary>A re-drive that was acknowledged.</summary>
/// <param name="At">When; null: the marker does not say.</param>
/// <param name="To">Where the record went; null: the marker does not say.</param>
public sealed record Redriven(DateTimeOffset? At, StoredPlace? To);
