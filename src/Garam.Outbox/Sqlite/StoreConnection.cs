using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Garam.Outbox.Sqlite;

/// <summary>
/// A connection of a <see cref="SqliteStore"/> that parses each statement once and keeps it.
/// Arguments are positional: the first is <c>$1</c> in the text, the second <c>$2</c>.
/// </summary>
/// <remarks>
/// Belongs to whoever was handed it, for the duration of the call, on the calling thread.
/// A statement text must be a constant: each different text is kept prepared for the life of the connection.
/// </remarks>
public sealed class StoreConnection : SqliteConnection
{
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    internal StoreConnection(string connectionString) : base(connectionString)
    {
    }

    /// <summary>True while a transaction is open; SQLite closes one by itself when the disk is full or fails.</summary>
    internal bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>The id that the last INSERT on this connection was given.</summary>
    public long LastInsertId => raw.sqlite3_last_insert_rowid(Handle);

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Prepared(sql, arguments).ExecuteNonQuery();

    /// <summary>All rows of a query, in its order.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Prepared(sql, arguments).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>The first row of a query, or <c>default</c> where there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Prepared(sql, arguments).ExecuteReader();
        return reader.Read() ? row(reader) : default;
    }

    /// <summary>The first column of the first row as a number; 0 where there is no row or it is NULL.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> arguments) =>
        First(sql, static row => row.IsDBNull(0) ? 0 : row.GetInt64(0), arguments);

    /// <summary>
    /// The kept command for <paramref name="sql"/> with its arguments bound, for a caller that reads rows as a stream.
    /// One reader of the same text can be open at a time.
    /// </summary>
    public SqliteCommand Prepared(string sql, params ReadOnlySpan<object?> arguments)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = CreateCommand();
            command.CommandText = sql;
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            var value = arguments[i] ?? DBNull.Value;
            if (i < command.Parameters.Count)
                command.Parameters[i].Value = value;
            else
                command.Parameters.AddWithValue($"${i + 1}", value);
        }

        return command;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in _prepared.Values)
                command.Dispose();
            _prepared.Clear();
        }

        base.Dispose(disposing);
    }
}
