using System.Text;
using System.Text.Json;
using Garam.Operations;
using Garam.Operations.Messages;
using Microsoft.AspNetCore.Http;

namespace Garam.Console.Messages;

/// <summary>
/// The records of a search as a file, written while they are read: nothing is kept in memory. Where the export ends before the records do, the last line says so and why;
/// <c>garam produce</c> refuses that line, so that half an export is not taken for a whole one.
/// </summary>
internal sealed class MessageExport(string topic, bool isCsv, BrowseRequest request, MessageOperations messages) : IResult
{
    /// <summary>Records of one export.</summary>
    public const int MostRecords = 100_000;

    /// <summary>Characters of one export.</summary>
    private const long MostCharacters = 1L << 30;

    private long _records;
    private long _characters;

    public async Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{topic}.{(isCsv ? "csv" : "ndjson")}\"";
        // Excel takes a file without the mark for one of the system's code page, and Korean for noise.
        await using var output = new StreamWriter(response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: isCsv), 32 * 1024) { NewLine = "\n" };
        if (isCsv)
            await output.WriteLineAsync(RecordCsv.Header);
        if (await WriteAsync(output, context.RequestAborted) is { } why)
            await output.WriteLineAsync(isCsv ? RecordCsv.CutShort(why) : JsonSerializer.Serialize(new { cutShort = why }, MessageRow.Json));
    }

    /// <returns>Why it ended before the records did; null: it did not.</returns>
    private async Task<string?> WriteAsync(StreamWriter output, CancellationToken ct)
    {
        try
        {
            await foreach (var said in messages.BrowseAsync(request, ct))
            {
                if (said is BrowseEvent.Rows rows && !await WriteAsync(output, rows.Records))
                    return $"at {Words.Count(MostCharacters, "character")}, after {Words.Count(_records, "record")}; there may be more.";
                if (said is BrowseEvent.Done { Why: BrowseEnd.Limit })
                    return $"at the limit of {Words.Count(request.Limit ?? 0, "record")}; there may be more.";
            }
        }
        catch (OperationException failure)
        {
            return $"after {Words.Count(_records, "record")}: {failure.Message}";
        }

        return null;
    }

    private async Task<bool> WriteAsync(StreamWriter output, IReadOnlyList<StoredRecord> records)
    {
        foreach (var record in records)
        {
            var line = isCsv ? RecordCsv.Line(record) : RecordLine.From(record).ToString();
            if ((_characters += line.Length) > MostCharacters)
                return false;
            await output.WriteLineAsync(line);
            _records++;
        }

        return true;
    }
}
