using Garam.Content.Messages;
using Garam.Messaging.Producing;

namespace Garam.Content.Tests.Feed;

/// <summary>Messages as the workers get them, short to write.</summary>
internal static class Events
{
    private static readonly DateTime Day = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Where a message comes from, for tests that do not ask.</summary>
    public static RecordPosition Place { get; } = new(ContentTopics.InspectedPosts, 0, 0);

    public static InspectedPostMessage Approved(long id, int version, long author, int minute) =>
        new(id, version, new InspectedPost(Post(id, version, author, minute), "Travel", [], Day), version == 1 ? OperationType.Create : OperationType.Update);

    public static InspectedPostMessage Removed(long id, int version) => new(id, version, null, OperationType.Delete);

    public static FollowMessage Followed(long follower, long following, int version) => new(follower, following, version, OperationType.Create);

    public static FollowMessage Unfollowed(long follower, long following, int version) => new(follower, following, version, OperationType.Delete);

    private static OriginalPost Post(long id, int version, long author, int minute) =>
        new(id, version, $"제목 {id}", "내용", author, 1, Day.AddMinutes(minute), Day.AddMinutes(minute), null);
}
