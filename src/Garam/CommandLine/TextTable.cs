using System.Globalization;
using System.Text;

namespace Garam.CommandLine;

/// <summary>Columns of text, numbers to the right. Where a terminal is too narrow, the widest texts are cut; numbers never are.</summary>
internal sealed class TextTable
{
    private const int Gap = 2;
    private const int Narrowest = 8;

    private readonly Terminal _terminal;
    private readonly string[] _titles;
    private readonly List<string[]> _rows;
    private readonly bool[] _numeric;
    private readonly int[] _widths;

    private TextTable(Terminal terminal, IEnumerable<string> titles, IEnumerable<IEnumerable<object?>> rows)
    {
        var cells = rows.Select(row => row.ToArray()).ToList();
        (var titled, cells) = WithoutEmptyColumns([.. titles], cells);
        _terminal = terminal;
        _titles = titled;
        _numeric = [.. _titles.Select((_, column) => cells.All(row => row[column] is int or long or null) && cells.Exists(row => row[column] is not null))];
        _rows = [.. cells.Select(row => row.Select(Text).ToArray())];
        _widths = [.. _titles.Select((title, column) => _rows.Select(row => Cells.Width(row[column])).Append(Cells.Width(title)).Max())];
    }

    public static void Write(TextWriter output, Terminal terminal, IEnumerable<string> titles, IEnumerable<IEnumerable<object?>> rows)
    {
        var table = new TextTable(terminal, titles, rows);
        table.Fit();
        output.WriteLine(terminal.Colour ? $"\e[1m{table.Line(table._titles)}\e[0m" : table.Line(table._titles));
        foreach (var row in table._rows)
            output.WriteLine(table.Line(row));
    }

    // A column for remarks is there only where there is one; null is a fact and stays.
    private static (string[] Titles, List<object?[]> Rows) WithoutEmptyColumns(string[] titles, List<object?[]> rows)
    {
        var kept = Enumerable.Range(0, titles.Length).Where(column => rows.Count == 0 || rows.Exists(row => row[column] is not "")).ToList();
        return ([.. kept.Select(column => titles[column])], rows.ConvertAll(row => kept.Select(column => row[column]).ToArray()));
    }

    // Takes from the widest text until everything fits; what still does not is left to the terminal, which wraps it.
    private void Fit()
    {
        while (_terminal.Width is { } room && _widths.Sum() + Gap * (_widths.Length - 1) > room)
        {
            var widest = Enumerable.Range(0, _widths.Length).Where(column => !_numeric[column]).DefaultIfEmpty(-1).MaxBy(column => column < 0 ? 0 : _widths[column]);
            if (widest < 0 || _widths[widest] <= Math.Max(Narrowest, Cells.Width(_titles[widest])))
                return;
            _widths[widest]--;
        }
    }

    private string Line(string[] row)
    {
        var line = new StringBuilder();
        for (var column = 0; column < row.Length; column++)
        {
            var text = Cells.Cut(row[column], _widths[column]);
            var padding = new string(' ', _widths[column] - Cells.Width(text));
            line.Append(_numeric[column] ? padding + text : text + padding).Append(' ', Gap);
        }

        return line.ToString().TrimEnd();
    }

    private static string Text(object? cell) => cell switch
    {
        null => "-",
        DateTimeOffset time => TimeText.Of(time),
        TimeSpan time => TimeText.Of(time),
        _ => Cells.Visible(Convert.ToString(cell, CultureInfo.InvariantCulture) ?? ""),
    };
}
