using System.Text;
using Confluent.Kafka;
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
}

/// <summary>Where consumed records go: stdout, buffered while more are at hand and flushed when the stream pauses.</summary>
internal sealed class RecordOutput(RecordShape? shape, RecordTemplate? template)
{
    private static readonly RecordTemplate Text = RecordTemplate.Parse("%p:%o\\t%k\\t%s\\n");

    private readonly BufferedStream _stdout = new(OpenStdout(), 64 * 1024);
    private readonly RecordTemplate? _template = template ?? ((shape ?? Default) is RecordShape.Text ? Text : null);

    private static RecordShape Default => System.Console.IsOutputRedirected ? RecordShape.Ndjson : RecordShape.Text;

    public void Write(ConsumeResult<byte[]?, byte[]?> record)
    {
        if (_template is not null)
        {
            _template.Write(_stdout, record);
            return;
        }

        _stdout.Write(Encoding.UTF8.GetBytes(RecordLine.From(record).ToString()));
        _stdout.WriteByte((byte)'\n');
    }

    public void Flush() => _stdout.Flush();

    // The console's stream hides that a reader has gone, and the command would write into nothing for ever. A file, on the other
    // hand, has to be written at the place that it shares with the shell's other commands: that is what the console's stream does.
    private static Stream OpenStdout()
    {
        var stdout = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stdout.CanSeek ? System.Console.OpenStandardOutput() : stdout;
    }
}
