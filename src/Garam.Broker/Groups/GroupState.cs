namespace Garam.Broker.Groups;

/// <summary>Where a group stands in its cycle of generations.</summary>
/// <remarks>
/// <code>
///            first join                all joined            leader synced
///   Empty ───────────► PreparingRebalance ─────► CompletingRebalance ─────► Stable
///     ▲                  │    ▲                        │                      │
///     └── nobody joined ─┘    └──── join, leave, member expired ──────────────┘
///
///   Empty ── deleted, or its last offset expired ──► Dead
/// </code>
/// </remarks>
internal enum GroupState
{
    /// <summary>No members; may still hold committed offsets.</summary>
    Empty,

    /// <summary>Members are being collected for the next generation.</summary>
    PreparingRebalance,

    /// <summary>The generation is known; the leader's assignment is awaited.</summary>
    CompletingRebalance,

    /// <summary>Every member has, or may fetch, its assignment.</summary>
    Stable,

    /// <summary>Removed from the coordinator: whoever still holds this object must look the group up again.</summary>
    Dead,
}
