using Garam.Content.ReadModels;

namespace Garam.Content.Feed;

/// <summary>
/// The tables of feed.db.
/// <code>
///   follow        who follows whom, and who ceased to (a row stays, so that an older event cannot bring it back)
///   author_post   every post's place: author and time; not visible, but kept, once it was removed
///   inbox         what a follower reads: the newest posts of those whom he follows, computed from the two above
/// </code>
/// </summary>
internal static class FeedSchema
{
    public const string Clear = "DELETE FROM inbox; DELETE FROM inbox_size; DELETE FROM author_post; DELETE FROM follow; DELETE FROM applied";

    public const string HighestPostId = "SELECT max(post_id) FROM author_post";

    /// <param name="capacity">Posts that an inbox keeps. The triggers count the rows and drop the oldest, so no statement can forget to.</param>
    public static IReadOnlyList<string> Migrations(int capacity) =>
    [
        ReadModel.Migration,
        $"""
        CREATE TABLE follow (
            following_id INTEGER NOT NULL,
            follower_id  INTEGER NOT NULL,
            version      INTEGER NOT NULL,
            is_active    INTEGER NOT NULL,
            PRIMARY KEY (following_id, follower_id)) WITHOUT ROWID;
        CREATE INDEX follow_by_follower ON follow (follower_id, following_id) WHERE is_active;

        CREATE TABLE author_post (
            post_id    INTEGER PRIMARY KEY,
            version    INTEGER NOT NULL,
            author_id  INTEGER,
            created_at INTEGER,
            is_visible INTEGER NOT NULL);
        CREATE INDEX author_post_newest ON author_post (author_id, created_at, post_id) WHERE is_visible;

        CREATE TABLE inbox (
            follower_id INTEGER NOT NULL,
            created_at  INTEGER NOT NULL,
            post_id     INTEGER NOT NULL,
            author_id   INTEGER NOT NULL,
            PRIMARY KEY (follower_id, created_at, post_id)) WITHOUT ROWID;
        CREATE TABLE inbox_size (follower_id INTEGER PRIMARY KEY, size INTEGER NOT NULL);

        CREATE TRIGGER inbox_grows AFTER INSERT ON inbox BEGIN
            INSERT INTO inbox_size (follower_id, size) VALUES (NEW.follower_id, 1)
                ON CONFLICT (follower_id) DO UPDATE SET size = size + 1;
            DELETE FROM inbox
                WHERE (SELECT size FROM inbox_size WHERE follower_id = NEW.follower_id) > {capacity}
                AND follower_id = NEW.follower_id
                AND (created_at, post_id) = (
                    SELECT created_at, post_id FROM inbox WHERE follower_id = NEW.follower_id ORDER BY created_at, post_id LIMIT 1);
        END;
        CREATE TRIGGER inbox_shrinks AFTER DELETE ON inbox BEGIN
            UPDATE inbox_size SET size = size - 1 WHERE follower_id = OLD.follower_id;
        END
        """,
        AppliedVersions.Migration,
        ReadModel.IdentityMigration,
    ];
}
