using System.Diagnostics;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Bench.Load;

/// <summary>Produces with acks=all over one connection, some requests in flight, and reads every answer.</summary>
internal sealed class ProduceLoad(Wire wire, Batches batches, int partitions, bool speaksKafka)
{
    private const int InFlight = 5;

    /// <summary>What has been acknowledged, as consumers must find it.</summary>
    public Produced Total { get; private set; }

    /// <summary>Sends <paramref name="requests"/> batches, one partition after the other, as fast as they are answered.</summary>
    public void Run(int requests)
    {
        var (sent, answered) = (0, 0);
        while (answered < requests)
        {
            for (; sent < requests && sent - answered < InFlight; sent++) wire.Send(batches.Frame(sent, sent % partitions));
            TakeAnswer(wire.Receive(), answered++);
            while (wire.TryTake(out var more)) TakeAnswer(more, answered++);
        }
    }

    /// <summary>
    /// Sends one request at each tick of a clock, whether earlier ones are answered or not, and returns how long each answer took, in
    /// microseconds from the tick: a server that stalls pays for all that should have been sent meanwhile.
    /// </summary>
    public double[] RunPaced(int perSecond, TimeSpan time)
    {
        var requests = (int)(perSecond * time.TotalSeconds);
        var latencies = new double[requests];
        var ticksPerRequest = (double)Stopwatch.Frequency / perSecond;
        var start = Stopwatch.GetTimestamp();
        for (var (sent, answered) = (0, 0); answered < requests;)
        {
            var due = start + (long)(sent * ticksPerRequest);
            if (sent < requests && Stopwatch.GetTimestamp() >= due)
            {
                wire.Send(batches.Frame(sent, sent % partitions));
                sent++;
                continue;
            }
            while (wire.TryReceive(out var answer))
            {
                TakeAnswer(answer, answered);
                latencies[answered] = (Stopwatch.GetTimestamp() - start - answered * ticksPerRequest) * 1e6 / Stopwatch.Frequency;
                answered++;
            }
            if (answered < requests) Pause.Until(wire.Socket, sent < requests ? due : long.MaxValue);
        }
        return latencies;
    }

    private void TakeAnswer(Answer answer, int number)
    {
        if (speaksKafka)
        {
            var partition = Wire.Read<ProduceResponse>(answer.Memory, ApiKey.Produce, Batches.ProduceVersion, number).Responses[0].PartitionResponses[0];
            Check.That(partition.ErrorCode == ErrorCode.None, $"a batch for partition {partition.Index} was refused: {partition.ErrorCode} {partition.ErrorMessage}");
        }
        else
        {
            Check.That(answer.CorrelationId == number, $"the answer to request {number} came for {answer.CorrelationId}");
        }
        Total = Total.With(batches.Shape.RecordsPerBatch, batches.FrameBytes, batches.SumOf(number));
    }
}

/// <summary>What was produced, or consumed: the two must be the same.</summary>
internal readonly record struct Produced(long Records, long Bytes, ulong SumOfChecksums)
{
    public static Produced operator -(Produced left, Produced right) =>
        new(left.Records - right.Records, left.Bytes - right.Bytes, left.SumOfChecksums - right.SumOfChecksums);

    public Produced With(long records, long bytes, uint checksum) => new(Records + records, Bytes + bytes, SumOfChecksums + checksum);
}
