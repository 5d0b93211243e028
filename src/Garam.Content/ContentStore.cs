using Garam.Content.Inspection;
using Garam.Content.People;
using Garam.Content.Posts;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.Logging;

namespace Garam.Content;

/// <summary>content.db: what people wrote, what was judged, who follows whom, and the events that must still leave.</summary>
internal sealed class ContentStore : IAsyncDisposable
{
    private static readonly string[] Migrations =
    [
        SqliteOutbox.Migration, PeopleSchema.Migration, PostStore.Migration, VerdictStore.Migration, PostVersions.Migration, StoreIdentity.Migration,
    ];

    private ContentStore(SqliteStore rows, TimeProvider time) =>
        (Rows, Outbox) = (rows, new SqliteOutbox(rows, time) { Delivered = PostVersions.KeepRelayed });

    public SqliteStore Rows { get; }

    public SqliteOutbox Outbox { get; }

    /// <summary>Opens content.db, creating it where absent.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static ContentStore Open(string directory, TimeProvider time, ILogger? logger = null) =>
        new(SqliteStore.Open(Path.Combine(directory, "content.db"), Migrations, logger), time);

    public ValueTask DisposeAsync() => Rows.DisposeAsync();
}
