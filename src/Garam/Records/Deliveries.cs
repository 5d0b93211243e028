using Confluent.Kafka;
using Garam.CommandLine;
using Garam.Operations;

namespace Garam.Records;

/// <summary>Keeps count of what was acknowledged. The producer's thread reports; the reading thread sends and, when the queue is full, waits.</summary>
internal sealed class Deliveries
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _room = new(10_000);
    private readonly SemaphoreSlim _reported = new(0);
    private Error? _error;
    private long? _line;
    private long _withoutTime;
    private long _delivered;
    private long _failed;

    public bool Failed => Volatile.Read(ref _failed) > 0;

    public async Task SendAsync(IProducer<byte[]?, byte[]?> producer, TopicPartition target, Message<byte[]?, byte[]?> message, long? line, CancellationToken ct)
    {
        await _room.WaitAsync(ct);
        if (message.Timestamp.Type is TimestampType.CreateTime && message.Timestamp.UnixTimestampMs == 0)
            _withoutTime++;
        while (true)
        {
            try
            {
                producer.Produce(target, message, report => OnReport(report, line));
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code is ErrorCode.Local_QueueFull)
            {
                await _reported.WaitAsync(ct);          // large records fill the queue before there are many
            }
            catch (ProduceException<byte[]?, byte[]?> exception)
            {
                _room.Release();
                Note(exception.Error, line);
                return;
            }
        }
    }

    /// <summary>Says how it went, once everything is flushed.</summary>
    /// <returns>The exit code.</returns>
    public int Report()
    {
        if (_withoutTime > 0)
            Talk.Say($"{Words.Count(_withoutTime, "record")} had the timestamp 0, for which the client library writes the time of now.");
        if (_error is null)
        {
            Talk.Say($"{Words.Count(_delivered, "record")} written");
            return ExitCode.Ok;
        }

        Talk.Say($"{Words.Count(_delivered, "record")} written, {Words.Number(_failed)} failed{(_line is { } line ? $", the first at line {line}" : "")}: {_error.Reason}");
        return _delivered > 0 ? ExitCode.Partial : ExitCode.Of(OperationException.KindOf(_error.Code));
    }

    private void OnReport(DeliveryReport<byte[]?, byte[]?> report, long? line)
    {
        _room.Release();
        if (_reported.CurrentCount == 0)
            _reported.Release();
        Note(report.Error, line);
    }

    private void Note(Error error, long? line)
    {
        lock (_lock)
        {
            if (!error.IsError)
            {
                _delivered++;
                return;
            }

            _failed++;
            if (_error is null)
                (_error, _line) = (error, line);
        }
    }
}
