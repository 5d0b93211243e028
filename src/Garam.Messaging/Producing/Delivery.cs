using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Confluent.Kafka;
using Garam.Messaging.Telemetry;

namespace Garam.Messaging.Producing;

/// <summary>
/// One record on its way, and the awaitable of its caller. Pooled: at a steady rate a produced record costs no task and no closure.
/// </summary>
internal sealed class Delivery : IValueTaskSource<RecordPosition>
{
    private readonly Action<Delivery> _recycle;
    private readonly Action<Exception> _listenerFailed;
    private ManualResetValueTaskSourceCore<RecordPosition> _answer = new() { RunContinuationsAsynchronously = true };
    private ProducerRecord? _record;
    private ReadOnlyMemory<byte>? _value;
    private Activity? _activity;
    private CancellationTokenRegistration _cancellation;

    public Delivery(Action<Delivery, DeliveryReport<byte[]?, byte[]?>> reported, Action<Delivery> recycle, Action<Exception> listenerFailed)
    {
        (_recycle, _listenerFailed) = (recycle, listenerFailed);
        OnReport = report => reported(this, report);
    }

    /// <summary>What the client calls when the fate of the record is known.</summary>
    public Action<DeliveryReport<byte[]?, byte[]?>> OnReport { get; }

    public ProducerRecord Record => _record!;

    public CancellationToken Cancellation { get; private set; }

    public int Size { get; private set; }

    public ValueTask<RecordPosition> Task => new(this, _answer.Version);

    /// <param name="record">The record.</param>
    /// <param name="value">Its payload's bytes.</param>
    /// <param name="cancellation">Honoured while it waits for room.</param>
    public void Begin(ProducerRecord record, ReadOnlyMemory<byte>? value, CancellationToken cancellation)
    {
        (_record, _value, Cancellation) = (record, value, cancellation);
        Size = (record.Key?.Length ?? 0) + (value?.Length ?? 0) + 64;
        StartActivity(record.Topic);
    }

    public void WatchCancellation(Action<Delivery> cancelled) =>
        _cancellation = Cancellation.UnsafeRegister(_ => cancelled(this), null);

    /// <summary>Does not wait for a callback that runs just now: it waits for the lock that our caller has.</summary>
    public void IgnoreCancellation() => _cancellation.Unregister();

    public TopicPartition Target() => new(Record.Topic, Record.Partition is { } partition ? partition : Partition.Any);

    public Message<byte[]?, byte[]?> ToMessage()
    {
        var headers = new Headers();
        foreach (var header in Record.Headers.Concat(TraceHeaders.For(_activity ?? Activity.Current, Record.Headers)))
        {
            headers.Add(header.Name, ToArray(header.Value));
        }

        return new Message<byte[]?, byte[]?>
        {
            Key = ToArray(Record.Key),
            Value = ToArray(_value),
            Headers = headers,
            Timestamp = (Record.TimestampMilliseconds ?? Record.Timestamp?.ToUnixTimeMilliseconds()) is { } time
                ? new Timestamp(time, TimestampType.CreateTime)
                : Timestamp.Default,
        };
    }

    public void Succeed(RecordPosition position)
    {
        EndActivity(error: null);
        _answer.SetResult(position);
    }

    public void Fail(Exception exception)
    {
        EndActivity(exception.Message);
        _answer.SetException(exception);
    }

    RecordPosition IValueTaskSource<RecordPosition>.GetResult(short token)
    {
        try
        {
            return _answer.GetResult(token);
        }
        finally
        {
            (_record, _value, _activity, Cancellation) = (null, null, null, default);
            _answer.Reset();
            _recycle(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<RecordPosition>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<RecordPosition>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    // Those who listen to traces are called from here. One that throws must not keep the answer from the caller.
    private void StartActivity(string topic)
    {
        try
        {
            _activity = MessagingTelemetry.Activities.StartActivity($"send {topic}", ActivityKind.Producer);
            _activity?.SetTag("messaging.system", "kafka").SetTag("messaging.destination.name", topic);
        }
        catch (Exception exception)
        {
            _listenerFailed(exception);
        }
    }

    private void EndActivity(string? error)
    {
        try
        {
            if (error is not null)
            {
                _activity?.SetStatus(ActivityStatusCode.Error, error);
            }

            _activity?.Dispose();
        }
        catch (Exception exception)
        {
            _listenerFailed(exception);
        }
    }

    /// <summary>The client takes whole arrays only: a memory that is one is passed as it is.</summary>
    private static byte[]? ToArray(ReadOnlyMemory<byte>? memory) => memory switch
    {
        null => null,
        { } bytes when MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length => segment.Array,
        { } bytes => bytes.ToArray(),
    };
}
