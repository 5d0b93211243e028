using System.Runtime.InteropServices;
using Garam.Broker.Log;
using Garam.Broker.Network;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;
using static Garam.Kafka.Messages.ProduceResponse;

namespace Garam.Broker.Apis;

/// <summary>
/// Appends record batches. Each partition succeeds or fails alone. A batch is patched where it was received and written from there.
/// </summary>
internal sealed class ProduceApi(BrokerServices broker) : Api<ProduceRequest, ProduceResponse>(ApiKey.Produce, 3, 13)
{
    private const short NoAnswer = 0, AllReplicas = -1;

    /// <summary>Below this version a client does not know zstd (KIP-110).</summary>
    private const short ZstdFrom = 7;

    /// <summary>Versions 0 to 2 are advertised and refused, as in Kafka: clients that look at the oldest version would not compress otherwise (KAFKA-18659).</summary>
    public override short AdvertisedMinVersion => 0;

    public override string Differences =>
        "timeout_ms is not looked at: the only thing to wait for is a sync of the disk, which cannot be given up. Transactional batches get INVALID_TXN_STATE. "
        + "A partition that stands twice in a request gets INVALID_REQUEST the second time.";

    protected override ValueTask<ProduceResponse?> HandleAsync(ProduceRequest request, RequestContext context)
    {
        var response = new ProduceResponse();
        var isValid = request.Acks is NoAnswer or 1 or AllReplicas;
        var waits = default(List<Wait>);
        var seen = request.TopicData is [{ PartitionData.Count: 1 }] ? null : new HashSet<PartitionLog>();
        foreach (var topic in request.TopicData)
        {
            var answers = new TopicProduceResponse { Name = topic.Name, TopicId = topic.TopicId };
            response.Responses.Add(answers);
            foreach (var partition in topic.PartitionData)
            {
                var answer = new PartitionProduceResponse { Index = partition.Index, BaseOffset = -1 };
                answers.PartitionResponses.Add(answer);
                if (!isValid) answer.ErrorCode = ErrorCode.InvalidRequiredAcks;
                else if (Find(topic, partition.Index, answer) is { } log) Append(log, partition.Records, request.Acks, context.Version, answer, seen, ref waits);
            }
        }
        if (request.Acks == NoAnswer) return WithoutAnswer(response);
        return waits is null ? new(response) : WaitAsync(response, waits);
    }

    private PartitionLog? Find(ProduceRequest.TopicProduceData topic, int partition, PartitionProduceResponse answer)
    {
        var found = broker.Topics.Find(topic.Name, topic.TopicId);
        var log = found?.Partition(partition);
        if (log is null) answer.ErrorCode = found is null && topic.TopicId != Guid.Empty ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
        if (log is null || !found!.IsInternal) return log;
        // What the broker remembers is read again at its start: a record of a client's would be believed there, or stop it.
        Refuse(answer, ErrorCode.InvalidTopicException, $"{found.Name} is written by the broker itself.");
        return null;
    }

    private static void Append(
        PartitionLog log, ReadOnlyMemory<byte>? records, short acks, short version, PartitionProduceResponse answer, HashSet<PartitionLog>? seen, ref List<Wait>? waits)
    {
        if (seen is not null && !seen.Add(log))
        {
            Refuse(answer, ErrorCode.InvalidRequest, "The partition stands twice in the request.");
            return;
        }
        // The frame is ours: it was received into our own buffer, and nobody else looks at it.
        var batch = records is null ? [] : MemoryMarshal.AsMemory(records.Value).Span;
        if (Check(batch, version, answer) && Append(log, batch, answer) is var end and > 0 && acks == AllReplicas && log.HighWatermark < end)
            (waits ??= []).Add(new Wait(answer, log, end));
    }

    private static bool Check(ReadOnlySpan<byte> batch, short version, PartitionProduceResponse answer)
    {
        if (batch.Length < RecordBatchHeader.Size) return true;
        var attributes = RecordBatchHeader.Read(batch).Attributes;
        if (attributes.IsTransactional) return Refuse(answer, ErrorCode.InvalidTxnState, "Transactions are not served.");
        return version >= ZstdFrom || attributes.Compression != CompressionType.Zstd
            || Refuse(answer, ErrorCode.UnsupportedCompressionType, $"zstd needs version {ZstdFrom} of the request.");
    }

    private static bool Refuse(PartitionProduceResponse answer, ErrorCode error, string message)
    {
        (answer.ErrorCode, answer.ErrorMessage) = (error, message);
        return false;
    }

    /// <summary>The offset behind the batch, or -1 when it was refused.</summary>
    private static long Append(PartitionLog log, Span<byte> batch, PartitionProduceResponse answer)
    {
        var appended = log.Append(batch, AppendOrigin.Client);
        answer.ErrorCode = appended.Error;
        answer.BaseOffset = appended.BaseOffset;
        answer.LogAppendTimeMs = appended.LogAppendTime;
        answer.LogStartOffset = IsUnreadable(appended) ? -1 : appended.LogStartOffset;
        if (appended.Error == ErrorCode.None) return appended.LastOffset + 1;
        answer.ErrorMessage = appended.Fault?.Message;
        foreach (var record in appended.Fault?.Records ?? [])
            answer.RecordErrors.Add(new BatchIndexAndErrorMessage { BatchIndex = record.Index, BatchIndexErrorMessage = record.Message });
        return -1;
    }

    /// <summary>Whether the batch was refused as a whole, before its records were looked at: Kafka does not tell where the log starts then.</summary>
    private static bool IsUnreadable(AppendResult appended) => appended.Error is ErrorCode.CorruptMessage or ErrorCode.MessageTooLarge
        || (appended.Error == ErrorCode.InvalidRecord && appended.Fault?.Records is null or []);

    private static async ValueTask<ProduceResponse?> WaitAsync(ProduceResponse response, List<Wait> waits)
    {
        foreach (var (answer, log, end) in waits)
        {
            var error = await CommitAwaiter.AnswerWhenCommittedAsync(log, end).ConfigureAwait(false);
            if (error != ErrorCode.None) (answer.ErrorCode, answer.BaseOffset) = (error, -1);
        }
        return response;
    }

    /// <summary>A client that wants no answer learns of an error by the end of its connection.</summary>
    private static ValueTask<ProduceResponse?> WithoutAnswer(ProduceResponse response)
    {
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.PartitionResponses)
            {
                if (partition.ErrorCode != ErrorCode.None)
                    throw new CloseConnectionException($"a produce with acks=0 to {topic.Name}-{partition.Index} failed: {partition.ErrorCode} {partition.ErrorMessage}");
            }
        }
        return new((ProduceResponse?)null);
    }

    /// <summary>An answer that is true when the log is durable up to an offset.</summary>
    private readonly record struct Wait(PartitionProduceResponse Answer, PartitionLog Log, long End);
}
