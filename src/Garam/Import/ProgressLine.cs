using Garam.CommandLine;
using Garam.Content.Import;

namespace Garam.Import;

/// <summary>How far an import is, on stderr: one line that changes on a terminal, a line now and then elsewhere.</summary>
internal sealed class ProgressLine : IProgress<ImportProgress>, IDisposable
{
    private const int LinesApart = 10;

    private readonly Lock _lock = new();
    private readonly bool _terminal = !System.Console.IsErrorRedirected;
    private int _reports;
    private bool _ended;

    public void Report(ImportProgress value)
    {
        lock (_lock)
        {
            if (_ended)
                return;
            var text = $"{value.Created:N0} posts, {value.PostsPerSecond:N0}/s";
            if (_terminal)
                System.Console.Error.Write($"\rgaram: {text}   ");
            else if (_reports++ % LinesApart == 0)
                Talk.Say(text);
        }
    }

    public void End()
    {
        lock (_lock)
        {
            if (!_ended && _terminal)
                System.Console.Error.WriteLine();
            _ended = true;
        }
    }

    public void Dispose() => End();
}
