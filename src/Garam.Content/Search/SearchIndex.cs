using Garam.Outbox.Sqlite;

namespace Garam.Content.Search;

/// <summary>
/// The full-text index of visible posts, in search.db. It is a function of the events alone: applying them again, late or from
/// any earlier point ends in the same index.
/// </summary>
internal sealed class SearchIndex : IAsyncDisposable
{
    /// <summary>
    /// A removed post leaves its row in <c>post</c>, so that an older event that comes later cannot bring it back.
    /// The tokens are already normalised, hence the tokenizer that only splits at blanks; <c>prefix='1'</c> answers one syllable.
    /// </summary>
    private static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE post (post_id INTEGER PRIMARY KEY, version INTEGER NOT NULL);
        CREATE VIRTUAL TABLE words USING fts5 (title, content, labels, tokenize='ascii', prefix='1', columnsize=0)
        """,
    ];

    private readonly SqliteStore _store;

    private SearchIndex(SqliteStore store) => _store = store;

    /// <summary>Opens search.db, creating it where absent.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static SearchIndex Open(string path) => new(SqliteStore.Open(path, Migrations));

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>Makes <paramref name="document"/> (null: nothing) what is found of a post, unless a newer version was applied before.</summary>
    public Task ApplyAsync(long postId, long version, SearchDocument? document, CancellationToken cancellationToken) =>
        _store.WriteAsync(connection => Apply(connection, postId, version, document), cancellationToken);

    /// <summary>The hits that follow <paramref name="after"/>, at most <paramref name="count"/>.</summary>
    public List<SearchHit> Find(SearchQuery query, SearchHit after, int count)
    {
        var (titleHitsBelow, otherHitsBelow) = after.InTitle ? (after.PostId, long.MaxValue) : (long.MinValue, after.PostId);

        // Both halves in one statement, so in one snapshot; each streams by descending rowid and stops when the page is full.
        return _store.Read(connection => connection.Query(
            """
            SELECT 1, rowid FROM (SELECT rowid FROM words WHERE words MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $5)
            UNION ALL
            SELECT 0, rowid FROM (SELECT rowid FROM words WHERE words MATCH $3 AND rowid < $4 ORDER BY rowid DESC LIMIT $5)
            LIMIT $5
            """,
            static row => new SearchHit(row.GetBoolean(0), row.GetInt64(1)),
            query.InTitle, titleHitsBelow, query.Elsewhere, otherHitsBelow, count));
    }

    private static void Apply(StoreConnection connection, long postId, long version, SearchDocument? document)
    {
        // The same version again is applied again: a verdict that was changed by a new policy comes with the version it judges.
        var isOutdated = connection.Execute(
            """
            INSERT INTO post (post_id, version) VALUES ($1, $2)
            ON CONFLICT (post_id) DO UPDATE SET version = excluded.version WHERE excluded.version >= version
            """,
            postId, version) == 0;
        if (isOutdated)
        {
            return;
        }

        connection.Execute("DELETE FROM words WHERE rowid = $1", postId);
        if (document is not null)
        {
            connection.Execute(
                "INSERT INTO words (rowid, title, content, labels) VALUES ($1, $2, $3, $4)",
                postId, document.Title, document.Content, document.Labels);
        }
    }
}
