using System.Text.Json.Serialization;

namespace Garam.Operations.Groups;

/// <summary>
/// How a group is doing in a partition, or as a whole: the state of a group is the most serious of its partitions. Their order is that of seriousness.
/// <see cref="ReadingStateWords"/> has the word and the colour of each.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadingState>))]
public enum ReadingState
{
    /// <summary>The topic or partition was deleted; only the commit is left.</summary>
    Gone,

    /// <summary>Nothing is unread.</summary>
    CaughtUp,

    /// <summary>It reads, and its lag shrinks.</summary>
    Reading,

    /// <summary>Watched for too short a time to say.</summary>
    Watching,

    /// <summary>It reads, and its lag has not shrunk within two minutes.</summary>
    FallingBehind,

    /// <summary>Its position went back within the last two minutes.</summary>
    Rewound,

    /// <summary>The committed offset is after the end of the log, as after a topic was deleted and created again.</summary>
    BeyondEnd,

    /// <summary>The group has members, and none of them owns the partition.</summary>
    Unassigned,

    /// <summary>A member owns the partition, and nothing has been committed.</summary>
    NotCommitting,

    /// <summary>Records are unread and the group has no members.</summary>
    Stopped,

    /// <summary>The partition has no leader: it can be neither read nor written.</summary>
    NoLeader,

    /// <summary>A member owns the partition, records are unread, and the position does not move.</summary>
    Stalled,
}

/// <summary>The word and the colour of a state, wherever it is shown.</summary>
/// <param name="Level">The colour.</param>
/// <param name="Word">The state in one or two words.</param>
/// <param name="Why">What it means, in one sentence.</param>
public sealed record StateWords(HealthLevel Level, LocalizedText Word, LocalizedText Why);

/// <summary>One table for the pages and the command line.</summary>
public static class ReadingStateWords
{
    private static readonly IReadOnlyDictionary<ReadingState, StateWords> Table = new Dictionary<ReadingState, StateWords>
    {
        [ReadingState.Gone] = Row(HealthLevel.Idle, "deleted", "삭제됨", "The topic or partition no longer exists; only the committed offset is left.", "토픽이나 파티션은 삭제되었고 커밋된 오프셋만 남아 있습니다."),
        [ReadingState.CaughtUp] = Row(HealthLevel.Ok, "caught up", "모두 읽음", "Nothing is unread.", "읽지 않은 레코드가 없습니다."),
        [ReadingState.Reading] = Row(HealthLevel.Ok, "reading", "읽는 중", "Its position advances and the lag shrinks.", "커밋된 오프셋이 전진하고 지연이 줄고 있습니다."),
        [ReadingState.Watching] = Row(HealthLevel.Idle, "watching", "관찰 중", "Watched for less than 15 seconds: too short to say whether it moves.", "관찰 시간이 15초 미만이라 아직 판단할 수 없습니다."),
        [ReadingState.FallingBehind] = Row(HealthLevel.Warn, "falling behind", "뒤처지는 중", "It reads, but records arrive faster: the lag has not shrunk for two minutes.", "읽고 있지만 레코드가 더 빨리 쌓입니다. 2분 동안 지연이 줄지 않았습니다."),
        [ReadingState.Rewound] = Row(HealthLevel.Warn, "rewound", "되감김", "Its position went back within the last two minutes: records are read again.", "최근 2분 사이에 커밋된 오프셋이 뒤로 이동했습니다. 레코드를 다시 읽고 있습니다."),
        [ReadingState.BeyondEnd] = Row(HealthLevel.Warn, "beyond the end", "끝을 벗어남", "The committed offset is after the end of the log, as after a topic was deleted and created again.", "커밋된 오프셋이 로그의 끝보다 뒤에 있습니다. 토픽을 삭제하고 다시 만들면 이렇게 됩니다."),
        [ReadingState.Unassigned] = Row(HealthLevel.Warn, "not assigned", "할당 안 됨", "The group has members, but none of them reads this partition.", "그룹에 멤버가 있지만 이 파티션을 읽는 멤버가 없습니다."),
        [ReadingState.NotCommitting] = Row(HealthLevel.Warn, "no commits", "커밋 없음", "A member owns the partition and nothing has been committed: how far it has read is not known.", "파티션이 멤버에게 할당되어 있지만 커밋된 오프셋이 없어 어디까지 읽었는지 알 수 없습니다."),
        [ReadingState.Stopped] = Row(HealthLevel.Warn, "stopped", "중단됨", "Records are unread and the group has no members to read them.", "읽지 않은 레코드가 있지만 읽을 멤버가 없습니다."),
        [ReadingState.NoLeader] = Row(HealthLevel.Bad, "no leader", "리더 없음", "The partition has no leader: it can be neither read nor written.", "파티션에 리더가 없어 읽거나 쓸 수 없습니다."),
        [ReadingState.Stalled] = Row(HealthLevel.Bad, "stalled", "정체됨", "A member owns the partition and records are unread, but the position does not move.", "파티션이 멤버에게 할당되어 있고 읽지 않은 레코드가 있지만, 커밋된 오프셋이 움직이지 않습니다."),
    };

    /// <summary>The word, colour and meaning of a state.</summary>
    public static StateWords Words(this ReadingState state) => Table[state];

    /// <summary>The most serious of several; <paramref name="ifNone"/> where there are none.</summary>
    public static ReadingState Worst(this IReadOnlyCollection<ReadingState> states, ReadingState ifNone) => states.Count == 0 ? ifNone : states.Max();

    private static StateWords Row(HealthLevel level, string word, string korean, string why, string whyKorean) => new(level, new LocalizedText(word, korean), new LocalizedText(why, whyKorean));
}
