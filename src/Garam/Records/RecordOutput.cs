using System.Text;
using Confluent.Kafka;

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
internal sealed class RecordOutput(RecordShape? shape, RecordTemplate? template) : IDisposable
{
    private static readonly RecordTemplate Text = RecordTemplate.Parse("%p:%o\\t%k\\t%s\\n");

    private readonly BufferedStream _stdout = new(Console.OpenStandardOutput(), 64 * 1024);
    private readonly RecordTemplate? _template = template ?? ((shape ?? Default) is RecordShape.Text ? Text : null);

    private static RecordShape Default => Console.IsOutputRedirected ? RecordShape.Ndjson : RecordShape.Text;

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

    public void Dispose() => _stdout.Dispose();
}
