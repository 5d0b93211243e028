using System.Runtime.CompilerServices;
using CsvHelper;

namespace Garam.Content.Import;

/// <summary>Comma-separated values as RFC 4180 has them: a quoted value may hold commas, line ends, and quotes that are written twice.</summary>
internal static class CsvSource
{
    public static async IAsyncEnumerable<SourceRecord> ReadAsync(TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var openQuote = 0L;
        using var csv = CsvReader.Create(
            reader,
            new CsvReaderOptions
            {
                Separator = ',',
                TrackLineNumbers = true,
                MaxRecordSize = SourceRecord.MaxMebibytes * 1024 * 1024,
                OnMalformedRecord = bad => openQuote = bad.Reason is CsvMalformedReason.UnterminatedQuote ? bad.LineNumber : openQuote,
            },
            leaveOpen: true);
        var ended = false;
        while (!ended && await NextAsync().ConfigureAwait(false) is { } record)
        {
            yield return record;
        }

        async ValueTask<SourceRecord?> NextAsync()
        {
            try
            {
                return await csv.ReadAsync(cancellationToken).ConfigureAwait(false) ? ToRecord(csv, openQuote == csv.LineNumber) : null;
            }
            catch (CsvFormatException error)
            {
                ended = true;
                return SourceRecord.Unreadable(
                    error.LineNumber, $"is longer than {SourceRecord.MaxMebibytes} MiB: is a quote in it never closed? Nothing after it was read.");
            }
        }
    }

    private static SourceRecord ToRecord(CsvReader csv, bool isOpen)
    {
        if (isOpen || csv.FieldCount != csv.Headers.Count)
        {
            var counts = $"has {csv.FieldCount} {(csv.FieldCount == 1 ? "value" : "values")}, not {csv.Headers.Count} as the first line says.";
            return SourceRecord.Unreadable(csv.LineNumber, isOpen ? "has a quote that is never closed." : counts);
        }

        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < csv.FieldCount; i++)
        {
            fields[csv.Headers[i].Trim()] = csv.GetString(i);
        }

        return new SourceRecord(csv.LineNumber, fields);
    }
}
