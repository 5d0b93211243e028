using Garam.Content.Cache;
using Garam.Content.Feed;
using Garam.Content.Inspection;
using Garam.Content.Messages;
using Garam.Content.Posts;
using Garam.Content.ReadModels;
using Garam.Content.Search;
using Garam.Messaging.Producing;

namespace Garam.Content.Lives;

/// <summary>
/// The steps of one version, from what is known of its post.
/// <code>
///                                           ┌─► cached
///   written ─► relayed ─► moderated ────────┼─► fanned out          each "after" is since the step to its left
///                                           └─► indexed
/// </code>
/// </summary>
internal sealed class VersionSteps(PostVersion version, PostFacts facts, Standings.Moment standings, string? outboxProblem)
{
    private readonly KeptVerdict? _verdict = facts.Verdicts.GetValueOrDefault(version.Version);

    /// <summary>What the readers' stores were told: the version, its removal, nothing, or nothing yet.</summary>
    private enum Told
    {
        NotYet,
        Nothing,
        Shown,
        Removed,
    }

    public IReadOnlyList<LifeStep> All()
    {
        var told = WhatWasTold();
        var moderated = Moderated();
        var since = _verdict?.At ?? version.RelayedAt;
        var feed = new Reader(LifeStage.FannedOut, FeedServices.Group, facts.Feed, InInboxes, OutOfInboxes);
        var index = new Reader(LifeStage.Indexed, SearchServices.Group, facts.Index, static _ => Found, static _ => NotFound);
        return [Written(), Relayed(), moderated, Cached(told, since), Applied(feed, told, since), Applied(index, told, since)];
    }

    private static Note Found { get; } = new("Search finds it.", "검색할 수 있습니다.");

    private static Note NotFound { get; } = new("Search does not find the post any more.", "더 이상 검색되지 않습니다.");

    private static Note NotSent { get; } = new("Its event was not sent: there is nothing to do.", "이벤트가 전송되지 않아 처리할 작업이 없습니다.");

    private static Note InInboxes(long count) => count == 0
        ? new("In nobody's inbox: the author has no followers.", "작성자에게 팔로워가 없어 배포할 피드가 없습니다.")
        : new($"In {count:N0} {(count == 1 ? "inbox" : "inboxes")}.", $"피드 {count:N0}개에 배포했습니다.");

    private static Note OutOfInboxes(long count) =>
        new($"Taken out of {count:N0} {(count == 1 ? "inbox" : "inboxes")}.", $"피드 {count:N0}개에서 제거했습니다.");

    /// <summary>Where post.inspected tells of this version: whichever reader has read it knows.</summary>
    private RecordPosition? Announcement =>
        (facts.Feed.Versions.GetValueOrDefault(version.Version) ?? facts.Index.Versions.GetValueOrDefault(version.Version))?.Record;

    /// <summary>Whether something that comes after the record knows of this version.</summary>
    private bool WasSeen => _verdict is not null || Announcement is not null;

    private bool WillNotBeSent => version.IsRemoved && !WasSeen;

    private LifeStep Written() => new(LifeStage.Written, LifeState.Done, version.WrittenAt, AfterMs: null, version.Operation switch
    {
        OperationType.Create => new("The post and its event, in one transaction.", "게시물과 이벤트를 한 트랜잭션으로 기록했습니다."),
        OperationType.Update => new("The edit and its event, in one transaction.", "수정 내용과 이벤트를 한 트랜잭션으로 기록했습니다."),
        _ => new("The deletion and its event, in one transaction.", "삭제 내용과 이벤트를 한 트랜잭션으로 기록했습니다."),
    }, Group: null, Record: null);

    private LifeStep Relayed()
    {
        if (version.IsWaiting)
        {
            return Step(LifeStage.Relayed, LifeState.Waiting, null, null, outboxProblem is null
                ? new("Waits in the outbox for the relay.", "아웃박스에서 전송을 기다리고 있습니다.")
                : new($"Waits in the outbox. {outboxProblem}", $"아웃박스에서 대기 중입니다. {outboxProblem}"));
        }

        if (version.IsRemoved)
        {
            return WasSeen
                ? Step(LifeStage.Relayed, LifeState.Done, null, null, new("Sent; when and where was not kept.", "전송했습니다. 전송 시각과 위치는 기록되지 않았습니다."))
                : Step(LifeStage.Relayed, LifeState.Failed, null, null, new(
                    "Its event is no longer in the outbox and has not been seen in the log: an operator removed it or moved it to dead letters. It will not be sent.",
                    "이벤트가 아웃박스에 없고 로그에서도 확인되지 않습니다. 운영자가 삭제했거나 데드 레터로 옮긴 것이므로 전송되지 않습니다."));
        }

        return Step(LifeStage.Relayed, LifeState.Done, version.RelayedAt, version.WrittenAt, version.RelayedAt is null
            ? new("Left the outbox before times were kept.", "시각 기록을 시작하기 전에 아웃박스에서 전송되었습니다.")
            : new("Acknowledged by the broker, then forgotten by the outbox.", "브로커의 응답을 받은 뒤 아웃박스에서 삭제했습니다."), record: version.Record);
    }

    private LifeStep Moderated()
    {
        if (WillNotBeSent)
            return Step(LifeStage.Moderated, LifeState.Skipped, null, null, NotSent, Inspector.Group);
        if (version.Operation is OperationType.Delete)
        {
            return Step(LifeStage.Moderated, LifeState.Skipped, null, null,
                new("A deletion needs no verdict: it is passed on as it is.", "삭제는 검수 없이 그대로 전달됩니다."), Inspector.Group, Announcement);
        }

        if (_verdict is { } verdict)
        {
            return Step(LifeStage.Moderated, LifeState.Done, verdict.At, version.RelayedAt, verdict.IsGood
                ? new($"Judged good by {verdict.Policy}.", $"{verdict.Policy} 기준에 따라 승인되었습니다.")
                : new($"Judged bad by {verdict.Policy}: {verdict.Reason}", $"{verdict.Policy} 기준에 따라 거부되었습니다: {verdict.Reason}"), Inspector.Group, Announcement);
        }

        if (version.IsWaiting)
            return Step(LifeStage.Moderated, LifeState.Waiting, null, null, new("Waits for its record.", "레코드를 기다리고 있습니다."), Inspector.Group);
        return HasFailed ? SetAside(LifeStage.Moderated, Inspector.Group, ContentTopics.OriginalPosts)
            : Step(LifeStage.Moderated, LifeState.Waiting, null, null,
                standings.WaitingFor(Inspector.Group, ContentTopics.OriginalPosts, version.Record), Inspector.Group);
    }

    private bool HasFailed => _verdict is null && version is { Record: { } record, RelayedAt: { } at } && standings.HasPassed(Inspector.Group, record, at);

    private Told WhatWasTold() => version.Operation switch
    {
        _ when WillNotBeSent => Told.Nothing,
        OperationType.Delete => version.IsWaiting ? Told.NotYet : Told.Removed,
        _ when _verdict is null => HasFailed ? Told.Nothing : Told.NotYet,
        _ when _verdict.IsGood => Told.Shown,
        OperationType.Create => Told.Nothing,
        _ => Told.Removed,
    };

    private LifeStep Cached(Told told, DateTime? since)
    {
        if (told is Told.NotYet or Told.Nothing)
            return BeforeReaders(LifeStage.Cached, CacheServices.Group, told);
        var newest = facts.Versions[^1].Version == version.Version;
        return facts.Cached switch
        {
            { Post: { } post } when post.Version == version.Version && told is Told.Shown =>
                Step(LifeStage.Cached, LifeState.Done, At(facts.Cached), since, new("In the memory of this process.", "이 프로세스의 메모리에 있습니다."), CacheServices.Group),
            { Post: null } when told is Told.Removed && newest =>
                Step(LifeStage.Cached, LifeState.Done, At(facts.Cached), since, new("Nothing of the post is kept.", "메모리에서 삭제했습니다."), CacheServices.Group),
            { Post: { } post } when post.Version > version.Version || !newest =>
                Step(LifeStage.Cached, LifeState.Skipped, null, null, new($"Version {post.Version} is there.", $"메모리에 있는 버전: {post.Version}"), CacheServices.Group),
            { } when newest => Step(LifeStage.Cached, LifeState.Waiting, null, null,
                standings.WaitingFor(CacheServices.Group, ContentTopics.InspectedPosts, Announcement), CacheServices.Group),
            _ => Step(LifeStage.Cached, LifeState.Skipped, null, null,
                new("Not in the cache (since its start): read when somebody asks.", "프로세스 시작 이후 캐시된 적이 없습니다. 조회하면 저장소에서 읽습니다."), CacheServices.Group),
        };
    }

    private LifeStep Applied(Reader reader, Told told, DateTime? since)
    {
        if (told is Told.NotYet or Told.Nothing)
            return BeforeReaders(reader.Stage, reader.Group, told);
        if (reader.Post.Versions.GetValueOrDefault(version.Version) is { } applied)
            return Applied(reader, applied, told, since);
        if (reader.Post.Newest > version.Version)
        {
            return Step(reader.Stage, LifeState.Skipped, null, null,
                new($"A newer version came first: {reader.Post.Newest}.", $"더 최신 버전이 먼저 반영되었습니다: {reader.Post.Newest}."), reader.Group);
        }

        if (reader.Post.Newest == version.Version)
            return Step(reader.Stage, LifeState.Done, null, null, new("Done before times were kept.", "시각 기록을 시작하기 전에 완료되었습니다."), reader.Group);
        return Announcement is { } record && standings.HasPassed(reader.Group, record, since ?? version.WrittenAt)
            ? SetAside(reader.Stage, reader.Group, ContentTopics.InspectedPosts)
            : Step(reader.Stage, LifeState.Waiting, null, null, standings.WaitingFor(reader.Group, ContentTopics.InspectedPosts, Announcement), reader.Group);
    }

    private LifeStep Applied(Reader reader, AppliedVersion applied, Told told, DateTime? since)
    {
        var note = told is Told.Removed ? reader.Removed(applied.Reached) : reader.Shown(applied.Reached);
        if (applied.At is null)
        {
            return Step(reader.Stage, LifeState.Waiting, null, null,
                new($"{note.En} There are more to come.", $"{note.Ko} 남은 작업이 있습니다."), reader.Group, applied.Record);
        }

        // What was written before the store began to be filled has been filled in since.
        return version.WrittenAt >= reader.Post.BeganAt
            ? Step(reader.Stage, LifeState.Done, applied.At, since, note, reader.Group, applied.Record)
            : Step(reader.Stage, LifeState.Done, applied.At, null,
                new($"{note.En} The time is that of the store's rebuild.", $"{note.Ko} 표시된 시각은 저장소를 재구축한 시각입니다."), reader.Group, applied.Record);
    }

    private LifeStep BeforeReaders(LifeStage stage, string group, Told told) => told is Told.NotYet
        ? Step(stage, LifeState.Waiting, null, null, version.Operation is OperationType.Delete
            ? new("Waits for the deletion's record.", "삭제 레코드를 기다리고 있습니다.") : new("Waits for the verdict.", "검수 결과를 기다리고 있습니다."), group)
        : Step(stage, LifeState.Skipped, null, null, WillNotBeSent ? NotSent
            : _verdict is null ? new("Nothing may be seen without a verdict.", "검수 결과가 없어 공개할 내용이 없습니다.")
            : new("Judged bad before anybody saw it: there is nothing to do.", "공개되기 전에 거부되어 처리할 작업이 없습니다."), group);

    private LifeStep SetAside(LifeStage stage, string group, string topic)
    {
        var letters = standings.DeadLetterTopic(group, topic);
        var step = Step(stage, LifeState.Failed, null, null, letters is not null
            ? new($"Given up and set aside in {letters}.", $"처리에 실패해 데드 레터 토픽 {letters}(으)로 옮겼습니다.")
            : new("The group has passed it and has done nothing.", "그룹이 이 레코드를 처리하지 않고 건너뛰었습니다."), group, version.Record);
        return step with { DeadLetterTopic = letters };
    }

    private static DateTime At(CacheEntry entry) => StoredTime.FromMilliseconds(entry.Since.ToUnixTimeMilliseconds());

    private static LifeStep Step(LifeStage stage, LifeState state, DateTime? at, DateTime? since, Note note, string? group = null, RecordPosition? record = null) =>
        new(stage, state, at, at is { } done && since is { } before ? Math.Max(0, (long)(done - before).TotalMilliseconds) : null, note, group, record);

    /// <summary>A store of the readers' side, and how to say what it did.</summary>
    private sealed record Reader(LifeStage Stage, string Group, AppliedPost Post, Func<long, Note> Shown, Func<long, Note> Removed);
}
