namespace Garam.Content.People;

internal static class PeopleSchema
{
    /// <summary>An ended follow keeps its row: its version counts on when it begins again.</summary>
    public const string Migration = """
        CREATE TABLE user(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE category(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE follow(
            follower_id INTEGER NOT NULL,
            following_id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            is_active INTEGER NOT NULL,
            PRIMARY KEY (follower_id, following_id)) WITHOUT ROWID;
        CREATE INDEX follow_by_following ON follow(following_id, follower_id) WHERE is_active
        """;
}
