using System.Globalization;
using System.Text;

namespace Garam.CommandLine;

/// <summary>Columns of text, numbers to the right. Widths are counted as a terminal counts them: a Hangul syllable takes two cells.</summary>
internal static class TextTable
{
    public static void Write(TextWriter output, IEnumerable<string> titles, IEnumerable<IEnumerable<object?>> rows)
    {
        var cells = rows.Select(row => row.ToArray()).ToList();
        var header = titles.ToArray();
        var widths = header.Select((title, column) => cells.Select(row => Width(Text(row[column]))).Append(Width(title)).Max()).ToArray();
        var numeric = header.Select((_, column) => cells.Count > 0 && cells.All(row => row[column] is int or long or null)).ToArray();

        WriteRow(output, header, widths, numeric);
        foreach (var row in cells)
            WriteRow(output, row, widths, numeric);
    }

    private static void WriteRow(TextWriter output, IReadOnlyList<object?> row, int[] widths, bool[] numeric)
    {
        var line = new StringBuilder();
        for (var column = 0; column < row.Count; column++)
        {
            var text = Text(row[column]);
            var padding = new string(' ', widths[column] - Width(text));
            line.Append(numeric[column] ? padding + text : text + padding).Append("  ");
        }

        output.WriteLine(line.ToString().TrimEnd());
    }

    private static string Text(object? cell) => cell is null ? "-" : Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";

    private static int Width(string text) => text.EnumerateRunes().Sum(rune => IsWide(rune.Value) ? 2 : 1);

    private static bool IsWide(int rune) => rune is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3
        or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD;
}
