using Garam.Content.Inspection;
using Garam.Content.People;
using Garam.Content.Posts;
using Garam.Outbox.Sqlite;

namespace Garam.Content;

/// <summary>content.db: what people wrote, what was judged, who follows whom, and the events that must still leave.</summary>
internal sealed class ContentStore : IAsyncDisposable
{
    private static readonly string[] Migrations =
    [
        SqliteOutbox.Migration, PeopleSchema.Migration, PostStore.Migration, VerdictStore.Migration, PostVersions.Migration,
    ];

    private ContentStore(SqliteStore rows, TimeProvider time) =>
        (Rows, Outbox) = (rows, new SqliteOutbox(rows, time) { Delivered = PostVersions.KeepRelayed });

    public SqliteStore Rows { get; }

    public SqliteOutbox Outbox { get; }

    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static ContentStore Open(string directory, TimeProvider time) =>
        new(SqliteStore.Open(Path.Combine(directory, "content.db"), Migrations), time);

    public ValueTask DisposeAsync() => Rows.DisposeAsync();
}
