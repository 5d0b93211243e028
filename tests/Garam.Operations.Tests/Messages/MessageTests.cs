using System.Text;
using Confluent.Kafka;
using Garam.Operations.Messages;

namespace Garam.Operations.Tests.Messages;

/// <summary>What tests of records share.</summary>
public abstract class MessageTests(TestKafka kafka) : OperationsTests(kafka)
{
    private MessageOperations? _messages;

    protected MessageOperations Messages => _messages ??= new MessageOperations(Connection);

    public override ValueTask DisposeAsync()
    {
        _messages?.Dispose();
        return base.DisposeAsync();
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    /// <summary>Writes values with times of one second each, from <paramref name="second"/> on.</summary>
    protected async Task WriteAsync(int partition, int second, params IEnumerable<string> values)
    {
        foreach (var value in values)
            await Messages.ProduceAsync(new NewRecord(Topic, null, Bytes(value)) { Partition = partition, TimestampMs = second++ * 1000L }, Ct);
    }

    protected async Task<Browsed> BrowseAsync(BrowseRequest request)
    {
        var browsed = new Browsed();
        await foreach (var next in Messages.BrowseAsync(request, Ct))
            browsed.Add(next);
        return browsed;
    }

    protected Task<Browsed> BrowseAsync() => BrowseAsync(new BrowseRequest(Topic) { Limit = null });

    /// <summary>All that a browse said.</summary>
    protected sealed class Browsed
    {
        public List<StoredRecord> Records { get; } = [];

        public BrowseEvent.Progress? Progress { get; private set; }

        public BrowseEvent.Done? Done { get; private set; }

        public IEnumerable<string?> Values => Records.Select(record => Text(record.Value));

        public IEnumerable<(int Partition, long Offset)> Places => Records.Select(record => (record.Partition, record.Offset));

        public void Add(BrowseEvent next)
        {
            Done.ShouldBeNull("nothing comes after the last event");
            switch (next)
            {
                case BrowseEvent.Rows rows:
                    rows.Records.Count.ShouldBeInRange(1, 100);
                    Records.AddRange(rows.Records);
                    break;
                case BrowseEvent.Progress progress:
                    Progress = progress;
                    break;
                case BrowseEvent.Done done:
                    Done = done;
                    break;
            }
        }
    }
}
