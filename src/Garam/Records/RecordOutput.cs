using System.Text;
using Garam.CommandLine;
using Garam.Operations.Messages;
using Microsoft.Win32.SafeHandles;

namespace Garam.Records;

/// <summary>Shapes of a stream of records.</summary>
internal enum RecordShape
{
    /// <summary>A line for a person.</summary>
    Text,

    /// <summary>One <see cref="RecordLine"/> a line.</summary>
    Ndjson,

    /// <summary>A JSON array of them.</summary>
    Json,

    /// <summary>A YAML list of them.</summary>
    Yaml,

    /// <summary>As <see cref="RecordCsv"/> writes them, after a line of names.</summary>
    Csv,
}

/// <summary>Where consumed records go: stdout, buffered while more are at hand and flushed when the stream pauses.</summary>
internal sealed class RecordOutput
{
    private static readonly RecordTemplate Text = RecordTemplate.Parse("%p:%o\\t%k\\t%s\\n");

    private readonly BufferedStream _stdout = new(OpenStdout(), 64 * 1024);
    private readonly StreamWriter _writer;
    private readonly bool _namesTopic;
    private readonly DocumentWriter? _documents;
    private readonly RecordTemplate? _template;
    private readonly bool _isCsv;

    /// <param name="shape">Null: for a person on a terminal, for a program elsewhere.</param>
    /// <param name="template">Wins over the shape.</param>
    /// <param name="namesTopic">A person has to be told of which topic a record is.</param>
    public RecordOutput(RecordShape? shape, RecordTemplate? template, bool namesTopic)
    {
        _namesTopic = namesTopic;
        _writer = new StreamWriter(_stdout, new UTF8Encoding(false)) { NewLine = "\n" };
        var wanted = shape ?? (Terminal.Stdout.IsTerminal ? RecordShape.Text : RecordShape.Ndjson);
        if (template is not null || wanted is RecordShape.Text && !Terminal.Stdout.IsTerminal)
            _template = template ?? Text;
        else if (wanted is RecordShape.Csv)
        {
            _isCsv = true;
            _writer.WriteLine(RecordCsv.Header);
        }
        else if (wanted is not RecordShape.Text)
            _documents = new DocumentWriter(_writer, wanted switch { RecordShape.Json => OutputFormat.Json, RecordShape.Yaml => OutputFormat.Yaml, _ => OutputFormat.Ndjson });
    }

    /// <summary>Whether an exception says that the reader of our output has gone.</summary>
    public static bool IsClosedPipe(IOException exception) => exception.HResult == 32;          // EPIPE

    public void Write(StoredRecord record)
    {
        if (_template is not null)
            _template.Write(_stdout, record);
        else if (_documents is not null)
            _documents.Write(RecordLine.From(record).ToString());
        else
            _writer.WriteLine(_isCsv ? RecordCsv.Line(record) : TerminalLine(record));
    }

    public void Flush()
    {
        _writer.Flush();
        _stdout.Flush();
    }

    /// <summary>Closes what was opened: a list of documents has an end.</summary>
    public void End()
    {
        _documents?.End();
        Flush();
    }

    // What others have written must not drive the terminal, and a line shall be a record.
    private string TerminalLine(StoredRecord record)
    {
        var key = record.Key switch { null => "-", [] => "(empty)", var bytes => Shown(bytes) };
        var value = record.Value is { } payload ? Shown(payload) : "(tombstone)";
        var topic = _namesTopic ? $"{Cells.Visible(record.Topic)} " : "";
        return Cells.Cut($"{topic}{record.Partition}:{record.Offset}  {key}  {value}", Terminal.Stdout.Width!.Value);
    }

    private static string Shown(byte[] bytes) => Cells.Visible(Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 4_096))));

    // The console's stream hides that a reader has gone, and the command would write into nothing for ever. A file, on the other
    // hand, has to be written at the place that it shares with the shell's other commands: that is what the console's stream does.
    private static Stream OpenStdout()
    {
        if (CommandStreams.Current is not null)
            return CommandStreams.OpenOutput();
        var stdout = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stdout.CanSeek ? System.Console.OpenStandardOutput() : stdout;
    }
}
