using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Garam.Operations.Messages;

namespace Garam.Console.Messages;

/// <summary>
/// A record as a line of a table. Everything in it is text that was made visible: offsets are text because a script would round the large ones.
/// </summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its place there.</param>
/// <param name="Timestamp">UTC, to the millisecond; null: it has none.</param>
/// <param name="Key">Null: the record has none.</param>
/// <param name="Value">Null: a tombstone.</param>
/// <param name="Size">Bytes of key, value and headers.</param>
internal sealed record MessageRow(string Topic, int Partition, string Offset, string? Timestamp, string? Key, string? Value, int Size)
{
    private const int KeyCharacters = 80;
    private const int ValueCharacters = 240;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static MessageRow Of(StoredRecord record) => new(
        record.Topic,
        record.Partition,
        record.Offset.ToString(CultureInfo.InvariantCulture),
        record.Timestamp?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
        record.Key is null ? null : RecordText.Line(record.Key, KeyCharacters),
        record.Value is null ? null : RecordText.Line(record.Value, ValueCharacters),
        record.Size);
}
