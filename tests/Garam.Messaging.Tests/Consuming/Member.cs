using System.Collections.Concurrent;
using Confluent.Kafka;
using Garam.Background;
using Garam.Messaging.Consuming;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Producing;
using Garam.Messaging.Telemetry;
using Garam.Messaging.Tests.Brokers;
using Garam.Messaging.Topics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Messaging.Tests.Consuming;

/// <summary>
/// A group member on a script and a fake clock, whose poll thread is the test itself and whose handlers end when the test says so.
/// </summary>
internal sealed class Member : IDisposable
{
    public const string Topic = "orders";

    private readonly ConcurrentDictionary<long, TaskCompletionSource> _running = new();
    private readonly GroupMember _member;
    private readonly FakeProducer _producer;
    private readonly MessagingOptions _settings;
    private int _blocked;

    public Member(Action<TopicEndpoint>? endpoint = null, Action<MessagingOptions>? options = null, FakeProducer? producer = null, Func<Exception, bool>? isTransient = null)
    {
        _producer = producer ?? new FakeProducer();
        Work = new BackgroundWork(NullLogger.Instance, Clock);
        var settings = _settings = new MessagingOptions { BootstrapServers = "none:1", DrainTimeout = TimeSpan.FromMinutes(1) };
        options?.Invoke(settings);
        var mapped = new TopicGroup("billing").MapTopic(Topic, (string value) => { });
        endpoint?.Invoke(mapped);
        _member = new GroupMember("billing", Transport, Processors(mapped, HandleAsync, _producer, Work, Clock, isTransient), settings, Work, Clock, NullLogger.Instance);
        Transport.Subscribe([Topic], _member);
    }

    public static Dictionary<string, RecordProcessor> Processors(
        TopicEndpoint endpoint, RecordHandler handler, IRecordProducer producer, BackgroundWork work, TimeProvider clock, Func<Exception, bool>? isTransient = null)
    {
        var policy = new FailurePolicy(
            endpoint.Retries,
            endpoint.RetryBackoff,
            Backoff.Constant(TimeSpan.FromSeconds(1)),
            endpoint.HasDeadLetters,
            isTransient ?? new TransientFaults([]).IsTransient,
            endpoint.NeverRetried);
        var background = new MessagingBackground(NullLogger<MessagingBackground>.Instance, clock);
        var admin = new TopicAdmin(new MessagingOptions { BootstrapServers = "none:1" }, background, clock, NullLogger<TopicAdmin>.Instance);
        var observers = new EndpointObservers(endpoint, new MessagingTelemetry(), work);
        var processor = new RecordProcessor(endpoint, handler, policy, new DeadLetters(producer, admin, clock), observers, clock, NullLogger.Instance);
        return new Dictionary<string, RecordProcessor> { [endpoint.Topic] = processor };
    }

    public void Dispose() => _member.Dispose();

    public ManualClock Clock { get; } = new();

    public BackgroundWork Work { get; }

    public ScriptedTransport Transport { get; } = new();

    /// <summary>Offsets in the order in which their handlers were called.</summary>
    public ConcurrentQueue<long> Started { get; } = new();

    public ConcurrentQueue<CancellationToken> Tokens { get; } = new();

    /// <summary>Ends a handler at once; null lets it run until the test ends it.</summary>
    public Func<RecordContext, Task?> Handler { get; set; } = _ => null;

    /// <summary>Handlers that block their thread before they return a task.</summary>
    public int Blocked => Volatile.Read(ref _blocked);

    public IReadOnlyList<PartitionAssignment> Assignments => _member.Assignments;

    public IReadOnlyList<MessagingProblem> Problems() => [.. ConsumerProblems.Of(_member, [], _settings, Clock)];

    public static TopicPartition Partition(int number) => new(Topic, number);

    public Member Steps(int count)
    {
        for (var step = 0; step < count; step++)
        {
            _member.Step();
        }

        return this;
    }

    /// <summary>Goes round until <paramref name="condition"/> holds, while time passes, half a second a turn.</summary>
    public Task Until(Func<bool> condition) => Eventually.True(() =>
    {
        Clock.Advance(TimeSpan.FromMilliseconds(500));
        Steps(1);
        return condition();
    });

    public bool IsDeadLettered(int partition, long offset) => _producer.Records.Any(record => record.Partition == partition
        && record.Headers.Any(header => header.Name == DeadLetterHeaders.Offset && header.AsText() == $"{offset}"));

    public async Task Succeed(long offset) => (await Running(offset)).SetResult();

    public async Task Fail(long offset, Exception exception) => (await Running(offset)).SetException(exception);

    public async Task CommitAsync(long head)
    {
        await Until(() => Transport.Commits.Any(commit => commit.Offset == head));
    }

    public void Stop(CancellationToken stopping) => _member.Run(stopping);

    private async Task<TaskCompletionSource> Running(long offset)
    {
        TaskCompletionSource? running = null;
        await Eventually.True(() => _running.TryRemove(offset, out running));
        return running!;
    }

    private async ValueTask HandleAsync(RecordContext context, CancellationToken cancellationToken)
    {
        Tokens.Enqueue(cancellationToken);
        Interlocked.Increment(ref _blocked);
        var ended = Handler(context);
        Interlocked.Decrement(ref _blocked);
        var running = ended is null ? _running[context.Offset] = new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        Started.Enqueue(context.Offset);
        await (ended ?? running!.Task.WaitAsync(cancellationToken));
    }
}

/// <summary>A producer that keeps what it is given.</summary>
internal sealed class FakeProducer : IRecordProducer
{
    public ConcurrentQueue<ProducerRecord> Records { get; } = new();

    /// <summary>Thrown instead of taking a record.</summary>
    public ProduceFailedException? Failure { get; set; }

    /// <summary>The same for some records.</summary>
    public Func<ProducerRecord, ProduceFailedException?> Refuse { get; set; } = _ => null;

    public ValueTask<RecordPosition> ProduceAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        if ((Failure ?? Refuse(record)) is { } failure)
        {
            return ValueTask.FromException<RecordPosition>(failure);
        }

        Records.Enqueue(record);
        return ValueTask.FromResult(new RecordPosition(record.Topic, record.Partition ?? 0, Records.Count - 1));
    }
}
