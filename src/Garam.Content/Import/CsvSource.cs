using System.Runtime.CompilerServices;
using System.Text;

namespace Garam.Content.Import;

/// <summary>Comma-separated values as RFC 4180 has them: a quoted value may hold commas, line ends, and quotes that are written twice.</summary>
internal static class CsvSource
{
    public static async IAsyncEnumerable<SourceRecord> ReadAsync(TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string>? names = null;
        for (long line = 1, next; await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } text; line = next)
        {
            next = line + 1;
            var row = new RowParser();
            while (!row.Take(text) && await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } more)
            {
                text = more;
                next++;
            }

            if (names is null)
            {
                names = row.Values;
            }
            else if (row.Values is not [""])
            {
                yield return ToRecord(line, names, row);
            }
        }
    }

    private static SourceRecord ToRecord(long line, List<string> names, RowParser row)
    {
        if (row.IsOpen || row.Values.Count != names.Count)
        {
            return SourceRecord.Unreadable(line, row.IsOpen ? "has a quote that is never closed." : $"has {row.Values.Count} values, not {names.Count} as the first line says.");
        }

        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            fields[names[i].Trim()] = row.Values[i];
        }

        return new SourceRecord(line, fields);
    }

    /// <summary>Takes a row line by line, as a quoted value may go on in the next one.</summary>
    private sealed class RowParser
    {
        private readonly StringBuilder _value = new();

        public List<string> Values { get; } = [];

        /// <summary>A quote was opened and not closed yet.</summary>
        public bool IsOpen { get; private set; }

        /// <summary>True when the row ends with this line.</summary>
        public bool Take(string line)
        {
            for (var at = 0; at < line.Length; at++)
            {
                var isQuote = line[at] == '"';
                if (isQuote && IsOpen && at + 1 < line.Length && line[at + 1] == '"')
                {
                    _value.Append('"');
                    at++;
                }
                else if (isQuote && (IsOpen || _value.Length == 0))
                {
                    IsOpen = !IsOpen;
                }
                else if (line[at] == ',' && !IsOpen)
                {
                    EndValue();
                }
                else
                {
                    _value.Append(line[at]);
                }
            }

            if (IsOpen)
            {
                _value.Append('\n');
            }
            else
            {
                EndValue();
            }

            return !IsOpen;
        }

        private void EndValue()
        {
            Values.Add(_value.ToString());
            _value.Clear();
        }
    }
}
