using System.CommandLine;
using Garam.Connections;
using Garam.Operations;
using Garam.Operations.Messages;

namespace Garam.Records;

/// <summary>The arguments that name one record: <c>TOPIC PARTITION OFFSET</c>.</summary>
internal sealed class RecordPlace(ConnectionOptions connection)
{
    private readonly Argument<string> _topic = KafkaNames.Topic(connection);
    private readonly Argument<int> _partition = new("PARTITION") { Description = "its partition, from 0" };
    private readonly Argument<long> _offset = new("OFFSET") { Description = "its offset" };

    public IEnumerable<Argument> Arguments => [_topic, _partition, _offset];

    /// <exception cref="OperationException">There is no such record.</exception>
    public async Task<StoredRecord> ReadAsync(ParseResult parsed, MessageOperations messages, CancellationToken ct)
    {
        var (topic, partition, offset) = (parsed.GetRequiredValue(_topic), parsed.GetValue(_partition), parsed.GetValue(_offset));
        return await messages.ReadAsync(topic, partition, offset, ct)
            ?? throw new OperationException(FailureKind.NotFound, $"partition {partition} of topic {topic} has no record at offset {offset}.");
    }
}
