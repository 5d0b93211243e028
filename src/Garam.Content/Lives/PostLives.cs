using Garam.Content.Cache;
using Garam.Content.Feed;
using Garam.Content.People;
using Garam.Content.Posts;
using Garam.Content.Search;
using Garam.Outbox;
using Garam.Outbox.Sqlite;

namespace Garam.Content.Lives;

/// <summary>
/// What became of posts, from the stores themselves: each keeps the time of its own step in the transaction that does it. Nothing is counted or
/// guessed here, and a look costs a few reads by primary key.
/// </summary>
public sealed class PostLives
{
    /// <summary>Bounds a search: it reads the texts of the newest posts, one by one.</summary>
    private const int Searched = 20_000;

    private readonly ContentStore _store;
    private readonly PeopleDirectory _people;
    private readonly VisiblePosts _cache;
    private readonly FeedStore _feed;
    private readonly SearchIndex _index;
    private readonly Standings _standings;
    private readonly OutboxHealth _outbox;

    internal PostLives(
        ContentStore store, PeopleDirectory people, VisiblePosts cache, FeedStore feed, SearchIndex index, Standings standings, OutboxHealth outbox) =>
        (_store, _people, _cache, _feed, _index, _standings, _outbox) = (store, people, cache, feed, index, standings, outbox);

    /// <summary>What became of a post until now; null when there never was one of that id.</summary>
    public PostLife? Find(long id)
    {
        if (_store.Rows.Read(connection => connection.First(
                "SELECT title, user_id, deleted_at IS NOT NULL FROM post WHERE id = $1",
                static row => (Title: row.GetString(0), User: row.GetInt64(1), IsDeleted: row.GetBoolean(2), Exists: true), id)) is not { Exists: true } post)
        {
            return null;
        }

        // Where the groups stand comes first: a group that has passed a record before the stores were read has left its trace in them.
        var standings = _standings.Now();
        var facts = new PostFacts(
            _store.Rows.Read(connection => PostVersions.Of(connection, id)),
            _store.Rows.Read(connection => KeptVerdict.Of(connection, id)),
            _cache.Peek(id),
            _feed.Applied(id),
            _index.Applied(id));
        var versions = facts.Versions.Select(version => new VersionLife(
            version.Version, version.Operation, new VersionSteps(version, facts, standings, _outbox.Problem).All()));
        return new PostLife(id, post.User, _people.UserName(post.User), post.IsDeleted, [.. versions]) { Title = post.IsDeleted ? null : post.Title };
    }

    /// <summary>The newest posts, or of the newest 20,000 those that a text finds.</summary>
    /// <param name="query">A post's id, an author's id or name, or some text of the title or content; null or blank for all.</param>
    /// <param name="count">At most so many, 1–100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of its range.</exception>
    public IReadOnlyList<PostLife> Recent(string? query, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100);
        var ids = _store.Rows.Read(connection => string.IsNullOrWhiteSpace(query) ? Newest(connection, count) : Matching(connection, query.Trim(), count));
        return [.. ids.Select(Find).OfType<PostLife>()];
    }

    private static List<long> Newest(StoreConnection connection, int count) =>
        connection.Query("SELECT id FROM post ORDER BY id DESC LIMIT $1", static row => row.GetInt64(0), count);

    /// <summary>The post of that id comes first: a number is mostly one.</summary>
    private static List<long> Matching(StoreConnection connection, string query, int count)
    {
        var number = long.TryParse(query, out var id) ? id : -1;
        return connection.Query(
            """
            SELECT id FROM (
                SELECT recent.id FROM (SELECT id, user_id, title, content, deleted_at FROM post ORDER BY id DESC LIMIT $3) recent
                LEFT JOIN user ON user.id = recent.user_id
                WHERE recent.user_id = $1 OR user.name LIKE $2 ESCAPE '\'
                OR (recent.deleted_at IS NULL AND (recent.title LIKE $2 ESCAPE '\' OR recent.content LIKE $2 ESCAPE '\'))
                UNION SELECT id FROM post WHERE id = $1)
            ORDER BY id = $1 DESC, id DESC LIMIT $4
            """,
            static row => row.GetInt64(0),
            number, $"%{query.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%", Searched, count);
    }
}
