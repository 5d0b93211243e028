using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Garam.Outbox.Sqlite;

/// <summary>
/// Reads rows of the outbox table. A row that was damaged, or written by other means than <see cref="SqliteOutbox.Add"/>, is read as far as
/// it can be and says what is wrong with it: it must not keep other rows from being read.
/// </summary>
internal static class OutboxColumns
{
    public const string Names = "id, topic, key, value, headers, trace_parent, written_at, attempts, undeliverable_at, reason";

    /// <summary>The year 9999: leaves room for time zones and for differences between times. Part of SQL texts, too.</summary>
    public const string TooLate = "253370764800000";

    private static readonly long TooLateMilliseconds = long.Parse(TooLate, System.Globalization.CultureInfo.InvariantCulture);

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A row of <see cref="Names"/>.</summary>
    public static OutboxRow Row(SqliteDataReader row)
    {
        var headers = OutboxHeaders.TryParse(StrictText(row, 4));
        return new OutboxRow(
            row.GetInt64(0), Text(row, 1) ?? "", Text(row, 2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3), Text(row, 5), Time(row, 6))
        {
            Headers = headers ?? [],
            Attempts = Attempts(row, 7) ?? 0,
            IsUndeliverable = !row.IsDBNull(8),
            UndeliverableSince = Time(row, 8),
            Reason = Text(row, 9),
            Unreadable = WhatIsWrong(row, headers is not null),
        };
    }

    /// <summary>Text as it is shown: bytes that are not UTF-8 are replaced. Null for NULL.</summary>
    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Encoding.UTF8.GetString(Bytes(row, column));

    private static string? WhatIsWrong(SqliteDataReader row, bool hasHeaders) =>
        !OutboxMessageCheck.IsTopicName(StrictText(row, 1)) ? "topic is not a valid topic name"
        : !IsText(row, 2) ? "key is not valid UTF-8 text"
        : !IsText(row, 4) || !hasHeaders ? "headers are not JSON of the form [[\"name\",\"base64\"],[\"name\",null]]"
        : !IsText(row, 5) ? "trace_parent is not valid UTF-8 text"
        : Time(row, 6) is null ? "written_at is not a time in milliseconds since 1970"
        : Attempts(row, 7) is null ? "attempts is not a number of attempts"
        : null;

    private static string? StrictText(SqliteDataReader row, int column) => IsText(row, column) ? Text(row, column) : null;

    private static bool IsText(SqliteDataReader row, int column)
    {
        if (row.IsDBNull(column))
            return true;
        try
        {
            Strict.GetCharCount(Bytes(row, column));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        Integer(row, column) is >= 0 and var time && time < TooLateMilliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    private static int? Attempts(SqliteDataReader row, int column) => Integer(row, column) is >= 0 and <= int.MaxValue and var attempts ? (int)attempts : null;

    private static long? Integer(SqliteDataReader row, int column) =>
        raw.sqlite3_column_type(row.Handle, column) == raw.SQLITE_INTEGER ? row.GetInt64(column) : null;

    private static ReadOnlySpan<byte> Bytes(SqliteDataReader row, int column) => raw.sqlite3_column_blob(row.Handle, column);
}
