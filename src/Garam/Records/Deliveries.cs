using Confluent.Kafka;
using Garam.CommandLine;
using Garam.Operations;

namespace Garam.Records;

/// <summary>Keeps count of what was acknowledged. The producer's thread reports; the reading thread sends and, when the queue is full, waits.</summary>
internal sealed class Deliveries
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _room = new(10_000);
    private Error? _error;
    private long _delivered;
    private long _failed;

    public bool Failed => Volatile.Read(ref _failed) > 0;

    public async Task SendAsync(IProducer<byte[]?, byte[]?> producer, TopicPartition target, Message<byte[]?, byte[]?> message, CancellationToken ct)
    {
        await _room.WaitAsync(ct);
        producer.Produce(target, message, OnReport);
    }

    /// <summary>Says how it went, once everything is flushed.</summary>
    /// <returns>The exit code.</returns>
    public int Report()
    {
        if (_error is null)
        {
            Talk.Say($"{_delivered} {(_delivered == 1 ? "record" : "records")} written");
            return ExitCode.Ok;
        }

        Talk.Say($"{_delivered} records written, {_failed} failed: {_error.Reason}");
        return _delivered > 0 ? ExitCode.Partial : ExitCode.Of(OperationException.KindOf(_error.Code));
    }

    private void OnReport(DeliveryReport<byte[]?, byte[]?> report)
    {
        _room.Release();
        lock (_lock)
        {
            if (report.Error.IsError)
            {
                _failed++;
                _error ??= report.Error;
            }
            else
            {
                _delivered++;
            }
        }
    }
}
