using Garam.Console.Lives;
using Garam.Content.Lives;
using Garam.Content.Messages;
using Garam.Operations.Commands;
using Microsoft.AspNetCore.Hosting.Server;
using System.Globalization;
using ContentState = Garam.Content.Lives.LifeState;
using ContentStep = Garam.Content.Lives.LifeStep;
using LifeState = Garam.Console.Lives.LifeState;
using LifeStep = Garam.Console.Lives.LifeStep;

namespace Garam.Up;

/// <summary>The lives of posts, as the console tells lives: neither of the two knows the other.</summary>
internal sealed class PostsInConsole(PostLives posts, IServer server) : ILives
{
    private static readonly Said Deleted = new("Deleted post", "삭제된 게시물");

    public string Kind => "posts";

    public Said Title { get; } = new("A post's life", "게시물 이력");

    public Said SearchBy { get; } = new("Number, author or text", "번호, 작성자 또는 내용");

    public Task<IReadOnlyList<Life>> RecentAsync(string? query, int count, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Life>>([.. posts.Recent(query, count).Select(Tell)]);

    public Task<Life?> FindAsync(string id, CancellationToken ct) => Task.FromResult(
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && posts.Find(number) is { } life ? Tell(life) : null);

    private Life Tell(PostLife life)
    {
        var id = life.Id.ToString(CultureInfo.InvariantCulture);
        return new Life(
            id,
            life.Title is { } title ? Said.AsIs(title) : Deleted,
            life.UserName ?? life.UserId.ToString(CultureInfo.InvariantCulture),
            PlatformCommands.Life(id, server.Address()),
            [.. life.Versions.Select(version => new LifeChapter(TitleOf(version), [.. version.Steps.Select(Tell)]))]);
    }

    private static Said TitleOf(VersionLife version) => version.Operation switch
    {
        OperationType.Create => new($"Version {version.Version}: written", $"버전 {version.Version}: 작성"),
        OperationType.Update => new($"Version {version.Version}: edited", $"버전 {version.Version}: 수정"),
        _ => new($"Version {version.Version}: deleted", $"버전 {version.Version}: 삭제"),
    };

    private static LifeStep Tell(ContentStep step) => new()
    {
        Name = NameOf(step.Stage),
        State = StateOf(step.State),
        At = step.At is { } at ? new DateTimeOffset(at) : null,
        After = step.AfterMs is { } after ? TimeSpan.FromMilliseconds(after) : null,
        Detail = new Said(step.Detail.En, step.Detail.Ko),
        Group = step.Group,
        Record = step.Record is { } record ? new LifeRecord(record.Topic, record.Partition, record.Offset) : null,
        DeadLetters = step.DeadLetterTopic,
        Beside = step.Stage is LifeStage.Cached or LifeStage.FannedOut or LifeStage.Indexed,
    };

    private static Said NameOf(LifeStage stage) => stage switch
    {
        LifeStage.Written => new("Written", "작성"),
        LifeStage.Relayed => new("Relayed", "전달"),
        LifeStage.Moderated => new("Moderated", "검수"),
        LifeStage.Cached => new("Cached", "캐시"),
        LifeStage.FannedOut => new("Fanned out", "피드 배포"),
        _ => new("Indexed", "색인"),
    };

    private static LifeState StateOf(ContentState state) => state switch
    {
        ContentState.Done => LifeState.Done,
        ContentState.Waiting => LifeState.Waiting,
        ContentState.Failed => LifeState.Failed,
        _ => LifeState.Skipped,
    };
}
