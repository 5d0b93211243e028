using System.Globalization;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>What the records of a dead-letter topic mean. Whoever can write a record can write any header: nothing here throws, what is nonsense is as if it were not there.</summary>
internal static class LetterReading
{
    // Of our own letters an exception's message has 1,000 characters at most. What others wrote is cut for a table, not for the record.
    private const int MaxText = 16 * 1024;

    /// <summary>A letter without its state.</summary>
    public static DeadLetter Read(StoredRecord record)
    {
        var headers = record.Headers;
        var convention = HeaderConvention.Of(headers);
        return new DeadLetter(record)
        {
            Convention = convention?.Name,
            SourceTopic = Bounded(HeaderConvention.Text(headers, convention?.Topic)),
            SourcePartition = convention?.Number(headers, convention.Partition) is <= int.MaxValue and var partition ? (int)partition : null,
            SourceOffset = convention?.Number(headers, convention.Offset),
            Group = Bounded(HeaderConvention.Text(headers, convention?.Group)) is { Length: > 0 } group ? convention!.GroupPrefix + group : null,
            Attempts = convention?.Number(headers, convention.Attempts) is <= int.MaxValue and var attempts ? (int)attempts : null,
            Exception = ExceptionOf(headers, convention),
            Message = Bounded(HeaderConvention.Text(headers, convention?.Message)),
            Stack = Bounded(HeaderConvention.Text(headers, convention?.Stack)),
            At = Time(HeaderConvention.Text(headers, convention?.At)) ?? record.Timestamp,
            Redrives = int.TryParse(record.Header(RedriveHeaders.Count), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0,
            OwnHeaders = [.. headers.Where(header => !IsOfFailure(header, convention))],
        };
    }

    /// <summary>The header that the exception's type was read from; null: there is none.</summary>
    public static string? ExceptionHeader(DeadLetter letter)
    {
        var convention = HeaderConvention.Known.FirstOrDefault(known => known.Name == letter.Convention);
        return convention?.Exception.FirstOrDefault(name => letter.Record.Header(name) is { Length: > 0 });
    }

    /// <summary>What a marker says: the letter that was sent back, and where it went; null: the record is a letter.</summary>
    public static (long Offset, Redriven Redriven)? Marker(StoredRecord record)
    {
        if (record.Value is not null || record.Header(RedriveHeaders.Of) is not { } of)
            return null;

        // A marker lies in the partition of its letter: one that says otherwise was copied here from elsewhere.
        return of.Split(':') is [var partition, var offset] && Number(partition) == record.Partition && Number(offset) is { } letter && letter < record.Offset
            ? (letter, new Redriven(Time(record.Header(RedriveHeaders.At)) ?? record.Timestamp, StoredPlace.TryParseHeader(record.Header(RedriveHeaders.To))))
            : null;
    }

    /// <summary>A marker, and one that makes no sense here too: neither is a letter.</summary>
    public static bool IsMarker(StoredRecord record) => record.Value is null && record.Header(RedriveHeaders.Of) is not null;

    private static string? ExceptionOf(IReadOnlyList<RecordHeader> headers, HeaderConvention? convention) =>
        convention?.Exception.Select(name => Bounded(HeaderConvention.Text(headers, name))).FirstOrDefault(type => !string.IsNullOrEmpty(type));

    private static bool IsOfFailure(RecordHeader header, HeaderConvention? convention) =>
        header.Name.StartsWith(RedriveHeaders.Prefix, StringComparison.Ordinal) || convention?.Owns(header.Name) == true;

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static string? Bounded(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;
}
