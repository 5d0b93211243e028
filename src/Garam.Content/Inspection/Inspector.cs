using System.Globalization;
using System.Text.Json;
using Garam.Content.Messages;
using Garam.Content.Moderation;
using Garam.Content.People;
using Garam.Content.Posts;
using Garam.Messaging.Producing;

namespace Garam.Content.Inspection;

/// <summary>
/// The worker between what was written and what may be seen.
/// <code>
/// post.original ──► judged before? ──no──► moderator ──► keep verdict with its rendition ──► post.inspected
///                        └──yes: the same verdict again ─────────────────────────────────────────▲
/// </code>
/// The verdict is kept before it is told, so that a record that is delivered twice is told the same way twice.
/// </summary>
internal sealed class Inspector(
    IModerator moderator, VerdictStore verdicts, PostHistory history, PeopleDirectory directory, IRecordProducer producer, TimeProvider time)
{
    public const string Group = "auto-inspection-consumer-group";

    public async Task HandleAsync(OriginalPostMessage message, CancellationToken cancellationToken)
    {
        if (message.OperationType == OperationType.Delete)
        {
            if (history.Contradicts(message))
                return;
            await PublishAsync(new InspectedPostMessage(message.Id, message.Version, Payload: null, OperationType.Delete), cancellationToken);
            return;
        }

        var post = message.Payload ?? throw new InvalidMessageException($"Post {message.Id} version {message.Version} comes without its payload.");
        if (post.Id != message.Id || post.Version != message.Version)
            throw new InvalidMessageException($"The message is about post {message.Id} version {message.Version}, its payload is post {post.Id} version {post.Version}.");

        // Its verdict would be taken for that of the version which has its number now.
        if (history.Contradicts(message))
            return;
        var verdict = verdicts.Find(post.Id, post.Version, moderator.Policy) ?? await JudgeAsync(post, cancellationToken);
        if (Announcement(message, verdict) is { } announcement)
            await PublishAsync(announcement, cancellationToken);
    }

    private async Task<StoredVerdict> JudgeAsync(OriginalPost post, CancellationToken cancellationToken)
    {
        var category = directory.CategoryName(post.CategoryId)
            ?? throw new InvalidMessageException($"Post {post.Id} is in category {post.CategoryId}, which does not exist.");
        var verdict = await moderator.JudgeAsync(new Submission(post.Title, post.Content, category), cancellationToken);
        var inspected = new InspectedPost(post, category, [.. verdict.Tags.Take(Verdict.MaxTags)], time.UtcNow());
        return await verdicts.KeepAsync(inspected, verdict, moderator.Policy, cancellationToken);
    }

    /// <summary>What readers are told; null when there is nothing to tell.</summary>
    private static InspectedPostMessage? Announcement(OriginalPostMessage message, StoredVerdict verdict) => verdict switch
    {
        { Rendition: { } rendition } => new(message.Id, message.Version, rendition, message.OperationType),

        // Deleted since: the deletion follows in the log.
        { Status: VerdictStatus.Good } => null,

        // Never seen: there is nothing to take away.
        _ when message.OperationType == OperationType.Create => null,

        // An edit that was judged bad takes the version before it away.
        _ => new(message.Id, message.Version, Payload: null, OperationType.Delete),
    };

    private async Task PublishAsync(InspectedPostMessage message, CancellationToken cancellationToken) => await producer.ProduceAsync(
        new ProducerRecord(
            ContentTopics.InspectedPosts,
            System.Text.Encoding.UTF8.GetBytes(message.Id.ToString(CultureInfo.InvariantCulture)),
            JsonSerializer.SerializeToUtf8Bytes(message, MessageJson.Wire.InspectedPostMessage)),
        cancellationToken);
}
