namespace Garam.Content.Messages;

/// <summary>
/// A user began (CREATE) or ceased (DELETE) to follow another. Topic <see cref="ContentTopics.FollowChanges"/>, key = the follower's id as text.
/// </summary>
/// <param name="FollowerId">Who reads.</param>
/// <param name="FollowingId">Whose posts.</param>
/// <param name="Version">Counts the changes of this pair: 1, 2, 3...</param>
/// <param name="OperationType">CREATE or DELETE.</param>
public sealed record FollowMessage(long FollowerId, long FollowingId, int Version, OperationType OperationType);
