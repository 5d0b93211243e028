namespace Garam.Operations.Groups;

/// <summary>When a group's position in a partition last did what a verdict depends on.</summary>
internal sealed class PartitionWatch
{
    /// <summary>How far back the rules look; after a pause that is longer than this, watching starts again.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    /// <summary>Less than this is not enough to say that nothing moves: clients commit every five seconds unless they are told otherwise.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(15);

    private DateTimeOffset _at;
    private DateTimeOffset _since;
    private long? _committed;
    private long? _lag;
    private DateTimeOffset? _moved;
    private DateTimeOffset? _rewound;
    private DateTimeOffset? _shrunk;
    private DateTimeOffset? _caughtUp;

    public void Add(DateTimeOffset at, GroupPosition position)
    {
        if (_at == default || at - _at > Window)
        {
            (_since, _moved, _rewound, _shrunk, _caughtUp) = (at, null, null, null, null);
        }
        else
        {
            if (position.Committed != _committed)
                _moved = at;
            if (position.Committed < _committed)
                _rewound = at;
            if (position.Lag < _lag)
                _shrunk = at;
        }

        if (position.Lag == 0)
            _caughtUp = at;
        (_at, _committed, _lag) = (at, position.Committed, position.Lag);
    }

    public ReadingState Judge(GroupPosition position, bool hasMembers, bool isStable) => position switch
    {
        { State: PositionState.Gone } => ReadingState.Gone,
        { State: PositionState.NoLeader } => ReadingState.NoLeader,
        { State: PositionState.BeyondEnd } => ReadingState.BeyondEnd,
        { Lag: 0 } => ReadingState.CaughtUp,
        _ when !hasMembers => ReadingState.Stopped,
        { MemberId: null } when isStable => ReadingState.Unassigned,
        _ => ByMovement(),
    };

    private ReadingState ByMovement()
    {
        if (IsRecent(_rewound))
            return ReadingState.Rewound;
        if (IsRecent(_caughtUp))
            return ReadingState.Reading;
        if (_at - _since < Enough)
            return ReadingState.Watching;
        if (_committed is null)
            return ReadingState.NotCommitting;
        if (!IsRecent(_moved))
            return ReadingState.Stalled;
        return IsRecent(_shrunk) ? ReadingState.Reading : ReadingState.FallingBehind;
    }

    private bool IsRecent(DateTimeOffset? time) => time is { } moment && _at - moment <= Window;
}
