using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Garam.Outbox.Sqlite;

/// <summary>The store's file is damaged, is not a database, or cannot be opened as a file. The message names it and says what to do.</summary>
public sealed class StoreUnusableException : SqliteException
{
    internal StoreUnusableException(string path, string remedy, SqliteException cause)
        : base(MessageOf(path, remedy, cause), cause.SqliteErrorCode, cause.SqliteExtendedErrorCode) => IsDamaged = cause.SqliteErrorCode != raw.SQLITE_CANTOPEN;

    /// <summary>True where the content is the fault, false where the file cannot be opened at all.</summary>
    public bool IsDamaged { get; }

    /// <summary>Whether the file itself is the fault, whatever the statement was.</summary>
    internal static bool Explains(SqliteException error) =>
        error is not StoreUnusableException && error.SqliteErrorCode is raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_CANTOPEN;

    private static string MessageOf(string path, string remedy, SqliteException cause) => cause.SqliteErrorCode switch
    {
        _ when Directory.Exists(path) => $"'{path}' is a directory, and a database file is needed there: move it away.",
        raw.SQLITE_CANTOPEN => $"'{path}' cannot be opened: make it and its directory readable and writable for this user.",
        raw.SQLITE_NOTADB => $"'{path}' is not a SQLite database, or its beginning is damaged: {remedy}",
        _ => $"'{path}' is damaged (SQLite error {cause.SqliteErrorCode}): {remedy}",
    };
}
