using Garam.Messaging.Consuming;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Messaging.Interleavings;

/// <summary>
/// The poll thread, lanes, their threads, the tracker and the committer, as they are, in an order that a seed decides at every step that one of them can
/// see of another: nothing that is not done is committed, nothing is handled twice at a time or out of order, and nothing is forgotten.
/// GARAM_INTERLEAVINGS=N runs so many seeds.
/// </summary>
public sealed class InterleavingTests
{
    private const int Partitions = 2;
    private const int Records = 12;

    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("GARAM_INTERLEAVINGS"), out var seeds) ? seeds : 100;

    [Fact]
    public void In_any_interleaving_what_is_committed_is_done_and_nothing_is_forgotten()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            Run(seed).ShouldBeNull($"seed {seed}");
        }
    }

    [Fact]
    public void A_lane_that_did_not_look_again_before_it_rests_would_be_found()
    {
        Planted.LanesDoNotLookAgain.Value = true;
        Enumerable.Range(1, Seeds).Select(Run).OfType<TimeoutException>().FirstOrDefault().ShouldNotBeNull();
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var (first, second) = (new Interleaver(7), new Interleaver(7));
        Run(first);
        Run(second);
        (second.Now, second.Random.Next()).ShouldBe((first.Now, first.Random.Next()));
    }

    private static Exception? Run(int seed)
    {
        var interleaver = new Interleaver(seed);
        Run(interleaver);
        return interleaver.Failure;
    }

    private static void Run(Interleaver interleaver)
    {
        var random = interleaver.Random;
        var lanes = random.Next(2) == 0 ? 1 : 3;
        var broker = new SimulatedBroker(interleaver, Partitions, Records, oneByOne: random.Next(2) == 0);
        var handlers = new Handlers(interleaver, broker, inOrder: lanes == 1);
        var endpoint = new TopicGroup("billing").MapTopic("orders", (byte[] value) => { })
            .WithConcurrency(lanes, RecordOrder.None).Retry(1, Backoff.Constant(TimeSpan.FromMilliseconds(3))).DeadLetter();
        var options = new MessagingOptions
        {
            MaxInFlight = random.Next(1, 6),
            CommitInterval = TimeSpan.FromMilliseconds(30),
            DrainTimeout = TimeSpan.FromMilliseconds(random.Next(2) == 0 ? 0 : 40),
        };
        interleaver.Run(() =>
        {
            var time = new SimulatedTime(interleaver);
            var processor = new RecordProcessor(endpoint, handlers.HandleAsync, Policy(endpoint), new DeadLetters(broker, null!, time), Observers(endpoint), time, NullLogger.Instance);
            processor.HasPartitions(Partitions);
            using var member = new GroupMember(
                "billing", broker, new Dictionary<string, RecordProcessor> { ["orders"] = processor }, options, new BackgroundWork(interleaver), time, NullLogger.Instance);
            broker.Subscribe(["orders"], member);
            interleaver.Start(handlers.EndSome);
            interleaver.Start(handlers.EndSome);
            while (!broker.IsAllCommitted)
            {
                member.Step();
            }
        });
    }

    private static FailurePolicy Policy(TopicEndpoint endpoint) => new(
        endpoint.Retries, endpoint.RetryBackoff, Backoff.Constant(TimeSpan.FromMilliseconds(10)), endpoint.HasDeadLetters, exception => exception is TimeoutException, []);

    private static EndpointObservers Observers(TopicEndpoint endpoint) =>
        new(endpoint, new MessagingTelemetry(), new Garam.Background.BackgroundWork(NullLogger.Instance));

    /// <summary>Handlers that end at once or when another thread ends them, well or badly, and look whether they should have begun.</summary>
    private sealed class Handlers(Interleaver interleaver, SimulatedBroker broker, bool inOrder)
    {
        private readonly List<TaskCompletionSource> _waiting = [];
        private readonly Dictionary<(int Partition, CancellationToken Epoch), long> _last = [];
        private readonly Dictionary<(int Partition, CancellationToken Epoch), int> _running = [];

        public async ValueTask HandleAsync(RecordContext record, CancellationToken epoch)
        {
            Begin(record, epoch);
            if (interleaver.Random.Next(2) == 0)
            {
                var end = new TaskCompletionSource();
                _waiting.Add(end);
                await end.Task.ConfigureAwait(false);
            }

            Interleaver.Point();
            _running[(record.Partition, epoch)]--;
            switch (interleaver.Random.Next(10))
            {
                case 0:
                    throw new TimeoutException("a dependency");
                case 1:
                    throw new InvalidDataException("the record");
                default:
                    broker.Done(record.Partition, record.Offset);
                    break;
            }
        }

        public void EndSome()
        {
            while (true)
            {
                Interleaver.Wait(() => _waiting.Count > 0, Timeout.InfiniteTimeSpan);
                var index = interleaver.Random.Next(_waiting.Count);
                var end = _waiting[index];
                _waiting.RemoveAt(index);
                Interleaver.Wait(() => false, TimeSpan.FromMilliseconds(interleaver.Random.Next(0, 15)));
                end.SetResult();
            }
        }

        private void Begin(RecordContext record, CancellationToken epoch)
        {
            var key = (record.Partition, epoch);
            if (broker.IsCommitted(record.Partition, record.Offset) && !epoch.IsCancellationRequested)
            {
                interleaver.Fail($"{record.Partition}:{record.Offset} begins though it is committed.");
            }

            _running[key] = _running.GetValueOrDefault(key) + 1;
            if (inOrder && (_running[key] > 1 || record.Offset < _last.GetValueOrDefault(key, -1)))
            {
                interleaver.Fail($"{record.Partition}:{record.Offset} begins out of order, or beside another one.");
            }

            _last[key] = record.Offset;
            if (!epoch.IsCancellationRequested)
            {
                broker.Begun(record.Partition, record.Offset);
            }
        }
    }
}
