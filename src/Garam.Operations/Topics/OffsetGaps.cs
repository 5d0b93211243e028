using System.Text.Json.Serialization;

namespace Garam.Operations.Topics;

/// <summary>Why the difference of two offsets of a topic is more than the number of records between them.</summary>
[Flags]
[JsonConverter(typeof(JsonStringEnumConverter<OffsetGaps>))]
public enum OffsetGaps
{
    /// <summary>It is the number of records, as far as it is known.</summary>
    None = 0,

    /// <summary>The topic is compacted: records with a newer one of the same key are removed.</summary>
    Compaction = 1,

    /// <summary>Transactions are written to it: each leaves a marker, and records of aborted ones are never delivered.</summary>
    Transactions = 2,
}

/// <summary>Sentences for <see cref="OffsetGaps"/>.</summary>
public static class OffsetGapsWords
{
    /// <summary>Why a number of records is approximate; null where it is exact.</summary>
    public static LocalizedText? Why(this OffsetGaps gaps) => gaps switch
    {
        OffsetGaps.None => null,
        OffsetGaps.Compaction => new("counted in offsets, and the topic is compacted", "오프셋 기준 값이며, 컴팩션 토픽이므로 실제보다 클 수 있음"),
        OffsetGaps.Transactions => new("counted in offsets, and transactions leave markers", "오프셋 기준 값이며, 트랜잭션 마커가 포함되어 실제보다 큼"),
        _ => new("counted in offsets, and the topic is compacted and has transactions", "오프셋 기준 값이며, 컴팩션과 트랜잭션 때문에 실제보다 클 수 있음"),
    };
}
