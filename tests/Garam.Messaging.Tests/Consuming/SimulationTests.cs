using Confluent.Kafka;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

/// <summary>
/// Random histories of a member: records arrive, handlers end or fail in any order, partitions come, go and are lost, commits fail, time
/// passes. A model of the broker checks every commit, and at the end that nothing was left out.
/// </summary>
public sealed class SimulationTests
{
    private const int Partitions = 3;
    private const int Records = 60;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_happens_only_what_is_done_is_committed_and_all_of_it_is_done_in_the_end(int seed)
    {
        var simulation = new Simulation(new Random(seed));
        for (var turn = 0; turn < 300; turn++)
        {
            simulation.Turn();
        }

        await simulation.FinishAsync();
        simulation.Violations.ShouldBeEmpty($"seed {seed}");
        simulation.ForeignCommits.ShouldBeEmpty($"seed {seed}");
    }

    private sealed class Simulation
    {
        private readonly Lock _gate = new();
        private readonly Random _random;
        private readonly Member _member;
        private readonly List<(long Offset, int Partition, TaskCompletionSource End)> _running = [];
        private readonly HashSet<(int Partition, long Offset)> _done = [];
        private readonly HashSet<int> _owned = [];
        private readonly long[] _fetched = new long[Partitions];
        private readonly long[] _committed = new long[Partitions];
        private int _commitsSeen;

        public Simulation(Random random)
        {
            _random = random;
            _member = new Member(
                endpoint => endpoint.WithConcurrency(3).Retry(2, Backoff.Constant(TimeSpan.FromMilliseconds(30))).DeadLetter(),
                options =>
                {
                    options.MaxInFlight = 8;
                    options.DrainTimeout = TimeSpan.Zero;
                })
            { Handler = Run };
        }

        public List<string> Violations { get; } = [];

        public IEnumerable<TopicPartitionOffset> ForeignCommits => _member.Transport.ForeignCommits;

        public void Turn()
        {
            switch (_random.Next(12))
            {
                case < 4:
                    Fetch();
                    break;
                case < 7:
                    EndOne(fail: false);
                    break;
                case 7:
                    EndOne(fail: true);
                    break;
                case 8:
                    ChangeAssignment();
                    break;
                case 9:
                    _member.Transport.CommitError = _random.Next(3) == 0 ? new Error(ErrorCode.RebalanceInProgress) : null;
                    break;
                default:
                    _member.Clock.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 500)));
                    break;
            }

            _member.Steps(2);
            CheckCommits();
        }

        public Task FinishAsync()
        {
            _member.Transport.CommitError = null;
            return Eventually.True(() =>
            {
                for (var turn = 0; turn < 20; turn++)
                {
                    for (var partition = 0; partition < Partitions; partition++)
                    {
                        Own(partition);
                    }

                    _member.Steps(Partitions);
                    Fetch();
                    EndOne(fail: false);
                    _member.Clock.Advance(TimeSpan.FromMilliseconds(100));
                    _member.Steps(2);
                    CheckCommits();
                }

                return _committed.All(offset => offset == Records) || Violations.Count > 0;
            });
        }

        private Task? Run(RecordContext context)
        {
            lock (_gate)
            {
                if (_done.Contains((context.Partition, context.Offset)) && context.Offset < Volatile.Read(ref _committed[context.Partition]))
                {
                    Violations.Add($"{context.Partition}:{context.Offset} is handled again though it is committed");
                }

                var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _running.Add((context.Offset, context.Partition, end));
                return end.Task;
            }
        }

        private void Fetch()
        {
            var partition = _random.Next(Partitions);
            if (_owned.Contains(partition) && !_member.Transport.IsPaused(partition) && _fetched[partition] < Records)
            {
                var offset = _fetched[partition]++;
                _member.Transport.Deliver(Member.Partition(partition), offset, $"key-{offset % 5}");
            }
        }

        private void EndOne(bool fail)
        {
            lock (_gate)
            {
                if (_running.Count == 0)
                {
                    return;
                }

                var index = _random.Next(_running.Count);
                var (offset, partition, end) = _running[index];
                _running.RemoveAt(index);
                if (fail)
                {
                    end.SetException(_random.Next(2) == 0 ? new TimeoutException() : new InvalidDataException());
                }
                else
                {
                    _done.Add((partition, offset));
                    end.SetResult();
                }
            }
        }

        private void ChangeAssignment()
        {
            var partition = _random.Next(Partitions);
            if (!_owned.Remove(partition))
            {
                Own(partition);
            }
            else if (_random.Next(2) == 0)
            {
                _member.Transport.Revoke(Member.Partition(partition));
            }
            else
            {
                _member.Transport.Lose(Member.Partition(partition));
            }
        }

        private void Own(int partition)
        {
            if (_owned.Add(partition))
            {
                _member.Transport.Assigning(Member.Partition(partition), () =>
                {
                    CheckCommits();
                    _fetched[partition] = _committed[partition];
                });
            }
        }

        private void CheckCommits()
        {
            foreach (var commit in _member.Transport.Commits.Skip(_commitsSeen))
            {
                _commitsSeen++;
                var partition = commit.Partition.Value;
                if (commit.Offset < _committed[partition])
                {
                    Violations.Add($"{partition}: {commit.Offset} was committed after {_committed[partition]}");
                }

                lock (_gate)
                {
                    for (var offset = _committed[partition]; offset < commit.Offset; offset++)
                    {
                        if (!_done.Contains((partition, offset)) && !_member.IsDeadLettered(partition, offset))
                        {
                            Violations.Add($"{partition}: {commit.Offset} was committed though {offset} is not done");
                        }
                    }
                }

                Volatile.Write(ref _committed[partition], commit.Offset);
            }
        }
    }
}
