using System.Globalization;

namespace Garam.Operations.Messages;

/// <summary>What ties another record to the one whose journey it is.</summary>
public enum JourneyLink
{
    /// <summary>It carries the same trace id (<c>traceparent</c>).</summary>
    Trace,

    /// <summary>The one looked at is a dead letter, a re-drive or a copy of it.</summary>
    Origin,

    /// <summary>It is a dead letter that names the one looked at.</summary>
    DeadLetter,

    /// <summary>It was re-driven from the one looked at.</summary>
    Redrive,

    /// <summary>It is a copy that names the one looked at.</summary>
    Copy,
}

/// <summary>A step of the journey of a record. Steps come as they are found, not in the order of time.</summary>
public abstract record JourneyStep
{
    private JourneyStep()
    {
    }

    /// <summary>A consumer group reads the record's partition, or did.</summary>
    /// <param name="Group">Its name.</param>
    /// <param name="State">Its state in the protocol's words: <c>Stable</c>, <c>Empty</c>, ...</param>
    /// <param name="Committed">The first offset that it has not done; null: it has committed nothing there yet.</param>
    /// <param name="Passed">The record is done: the committed offset lies behind it.</param>
    public sealed record ReadBy(string Group, string State, long? Committed, bool Passed) : JourneyStep;

    /// <summary>Another record of the same journey.</summary>
    /// <param name="Record">The record.</param>
    /// <param name="Link">What ties them together.</param>
    /// <param name="After">Its time less that of the record looked at; null where one of them has none.</param>
    public sealed record Found(StoredRecord Record, JourneyLink Link, TimeSpan? After) : JourneyStep;

    /// <summary>How far was searched, said now and then and once at the end.</summary>
    /// <param name="Topics">Topics that have records.</param>
    /// <param name="Records">Records looked at so far.</param>
    /// <param name="From">From here to <paramref name="Until"/> everything was looked at; null: the record has no time, and nothing was.</param>
    /// <param name="Until">As <paramref name="From"/>. It lies as far after the record as that lies before it.</param>
    /// <param name="Complete">Everything that the topics hold was looked at; false while the search goes on, and at the end if there was too much of it.</param>
    public sealed record Looked(int Topics, long Records, DateTimeOffset? From, DateTimeOffset? Until, bool Complete) : JourneyStep
    {
        /// <summary>Records that were not looked at, counted in offsets.</summary>
        public long NotSearched { get; init; }

        /// <summary>Why the search ended before everything was looked at.</summary>
        public JourneyLimit Limit { get; init; }

        /// <summary>Whether the record has a trace id; without one only dead-letter topics are searched.</summary>
        public bool HasTrace { get; init; }

        /// <summary>What was searched and what was not, in one sentence.</summary>
        public LocalizedText Summary => this switch
        {
            { From: null } or { Until: null } => new("The record has no time, so other topics were not searched.", "레코드에 시각이 없어 다른 토픽은 검색하지 않았습니다."),
            { Complete: true, HasTrace: false } => new(
                "The record has no trace id, so only dead-letter topics were searched.", "레코드에 trace ID가 없어 데드 레터 토픽만 검색했습니다."),
            { Complete: true } => new(
                $"Searched everything: {Words.Count(Records, "record")} of {Words.Count(Topics, "other topic")}.", $"다른 토픽 {Topics:N0}개의 레코드 {Records:N0}건을 모두 검색했습니다."),
            _ => new(
                $"Searched {Words.Count(Records, "record")} of {Words.Count(Topics, "other topic")}: everything from {Clock(From.Value)} to {Clock(Until.Value)} UTC, and the nearest records outside. "
                    + $"{Words.Count(NotSearched, "record was", "records were")} not searched ({LimitText.English}).",
                $"다른 토픽 {Topics:N0}개에서 레코드 {Records:N0}건을 검색했습니다. {Clock(From.Value)}~{Clock(Until.Value)} UTC 구간은 모두, 그 밖의 구간은 가까운 레코드만 검색했으며 "
                    + $"{NotSearched:N0}건은 검색하지 않았습니다({LimitText.Korean})."),
        };

        private LocalizedText LimitText => Limit switch
        {
            JourneyLimit.Time => new("the limit of 30 s was reached", "30초 제한"),
            JourneyLimit.Records => new("the limit of 200,000 records was reached", "레코드 200,000건 제한"),
            _ => new("the search goes on", "검색 중"),
        };

        private static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}

/// <summary>Why a search for a journey ended before everything was looked at.</summary>
public enum JourneyLimit
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>There are more records than are looked at: 200,000.</summary>
    Records,

    /// <summary>It took longer than 30 seconds.</summary>
    Time,
}
