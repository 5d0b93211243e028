using Garam.Content.Messages;
using Garam.Content.ReadModels;
using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.Logging;

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
        ReadModel.Migration,
        """
        CREATE TABLE post (post_id INTEGER PRIMARY KEY, version INTEGER NOT NULL);
        CREATE VIRTUAL TABLE words USING fts5 (title, content, labels, tokenize='ascii', prefix='1', columnsize=0)
        """,
        AppliedVersions.Migration,
        ReadModel.IdentityMigration,
    ];

    public const string Clear = "DELETE FROM words; DELETE FROM post; DELETE FROM applied";

    public const string HighestPostId = "SELECT max(post_id) FROM post";

    private readonly TimeProvider _time;

    private SearchIndex(SqliteStore store, TimeProvider time) => (Store, _time) = (store, time);

    /// <summary>Opens search.db, creating it where absent.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static SearchIndex Open(string path, TimeProvider time, ILogger? logger = null) => new(ReadModelFile.Open(path, Migrations, logger), time);

    public SqliteStore Store { get; }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    /// <summary>Makes the message's payload (null: nothing) what is found of a post, unless a newer version was applied before.</summary>
    /// <param name="message">What may be seen.</param>
    /// <param name="from">The record that says so.</param>
    /// <param name="cancellationToken">Withdraws the write while it waits.</param>
    public Task ApplyAsync(InspectedPostMessage message, RecordPosition from, CancellationToken cancellationToken)
    {
        // Before the writer's turn: splitting is work for many threads, writing for one.
        var document = message.Payload is { } post ? SearchDocument.Of(post) : null;
        return Store.WriteAsync(connection => Apply(connection, message.Id, message.Version, document, from), cancellationToken);
    }

    /// <summary>The hits that follow <paramref name="after"/>, at most <paramref name="count"/>.</summary>
    public List<SearchHit> Find(SearchQuery query, SearchHit after, int count)
    {
        var (titleHitsBelow, otherHitsBelow) = after.InTitle ? (after.PostId, long.MaxValue) : (long.MinValue, after.PostId);

        // Both halves in one statement, so in one snapshot; each streams by descending rowid and stops when the page is full.
        return Store.Read(connection => connection.Query(
            """
            SELECT 1, rowid FROM (SELECT rowid FROM words WHERE words MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $5)
            UNION ALL
            SELECT 0, rowid FROM (SELECT rowid FROM words WHERE words MATCH $3 AND rowid < $4 ORDER BY rowid DESC LIMIT $5)
            LIMIT $5
            """,
            static row => new SearchHit(row.GetBoolean(0), row.GetInt64(1)),
            query.InTitle, titleHitsBelow, query.Elsewhere, otherHitsBelow, count));
    }

    /// <summary>What became of a post here.</summary>
    public AppliedPost Applied(long postId) => Store.Read(connection =>
        AppliedVersions.Of(connection, postId, connection.Number("SELECT version FROM post WHERE post_id = $1", postId)));

    private void Apply(StoreConnection connection, long postId, int version, SearchDocument? document, RecordPosition from)
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

        AppliedVersions.Keep(connection, postId, version, from, isFirst: true, reached: 1, _time.UtcNow());
    }
}
