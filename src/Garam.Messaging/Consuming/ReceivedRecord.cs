using Confluent.Kafka;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;

namespace Garam.Messaging.Consuming;

/// <summary>
/// Turns what the client has read into what a handler sees. Runs on the poll thread and succeeds for every record that a broker can hold: a record
/// that could not be converted would be read again and fail again, and its whole group with it.
/// </summary>
internal static class ReceivedRecord
{
    public static RecordContext ToContext(ConsumeResult<byte[]?, byte[]?> result, string group)
    {
        var message = result.Message;
        return new RecordContext
        {
            Group = group,
            Topic = result.Topic,
            Partition = result.Partition.Value,
            Offset = result.Offset.Value,
            TimestampMilliseconds = message.Timestamp.UnixTimestampMs,
            Key = RecordBytes.OrNull(message.Key),
            Value = RecordBytes.OrNull(message.Value),
            Headers = message.Headers is { Count: > 0 } headers ? ToHeaders(headers) : [],
        };
    }

    private static RecordHeader[] ToHeaders(Headers headers)
    {
        var result = new RecordHeader[headers.Count];
        for (var index = 0; index < result.Length; index++)
        {
            result[index] = new(headers[index].Key, RecordBytes.OrNull(headers[index].GetValueBytes()));
        }

        return result;
    }
}
