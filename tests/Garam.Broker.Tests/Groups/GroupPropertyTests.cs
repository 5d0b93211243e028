using Garam.Broker.Groups;
using Garam.Kafka;

namespace Garam.Broker.Tests.Groups;

/// <summary>Whatever members do in whatever order, and whenever the broker restarts: one leader per generation, one answer per request, and nobody waits for ever.</summary>
public sealed class GroupPropertyTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_interleaving_confuses_generations_or_loses_an_answer(int seed)
    {
        var world = new Interleaving(seed);
        for (var step = 0; step < 400; step++)
        {
            world.Step();
        }

        world.EverybodyFallsSilent();
    }

    private sealed class Interleaving(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly GroupScenario _s = new(new GroupOptions { InitialRebalanceDelay = TimeSpan.FromSeconds(seed % 3), MaxSize = seed % 5 == 0 ? 4 : int.MaxValue });
        private readonly List<Client> _clients = [];
        private readonly Dictionary<int, string> _leaders = [];
        private readonly HashSet<object> _checked = [];
        private int _generation;

        public void Step()
        {
            switch (_random.Next(10))
            {
                case 0 when _clients.Count < 8:
                    _clients.Add(new Client(_random.Next(3) == 0 ? $"instance-{_random.Next(3)}" : null));
                    break;
                case 1:
                    _s.Pass(TimeSpan.FromSeconds(_random.Next(1, 25)));
                    break;
                case 2 when Any() is { } client:
                    _s.Leave(client.MemberId, client.Instance);
                    client.MemberId = "";
                    break;
                case 3 when Any() is { } client:
                    client.MemberId = ""; // it crashes and comes back without its memory
                    break;
                case 4 when _s.Written.Count > 0 && _random.Next(10) == 0:
                    RestartBroker();
                    break;
                case < 7 when Any() is { } client:
                    Sync(client);
                    break;
                default:
                    if (Any() is { } joiner)
                    {
                        Join(joiner);
                    }

                    break;
            }

            Check();
        }

        public void EverybodyFallsSilent()
        {
            _s.Pass(TimeSpan.FromMinutes(30));
            Check();
            _s.State.ShouldBe(GroupState.Empty);
            _clients.SelectMany(client => client.Joins).ShouldAllBe(join => join.IsAnswered);
            _clients.SelectMany(client => client.Syncs).ShouldAllBe(sync => sync.IsAnswered);
            _s.Group.NextDeadline().ShouldBeNull("an empty group costs no timer");
        }

        private Client? Any() => _clients.Count == 0 ? null : _clients[_random.Next(_clients.Count)];

        private void Join(Client client)
        {
            string[][] offers = [["range"], ["sticky", "range"], ["range", "sticky"]];
            var join = _s.Join(client.MemberId, client.Instance, idFirst: _random.Next(2) == 0, protocols: offers[_random.Next(3)]);
            client.Joins.Add(join);
        }

        private void Sync(Client client)
        {
            if (client.Joins.LastOrDefault(join => join is { IsAnswered: true, Result.Error: ErrorCode.None })?.Result is { } generation)
            {
                var assignments = generation.Members.ToDictionary(member => member.MemberId, member => GroupScenario.Bytes($"{generation.Generation}:{member.MemberId}"));
                client.Syncs.Add(_s.Sync(new SyncAttempt(client.MemberId, client.Instance, generation.Generation, assignments)));
            }
        }

        // Requests that were parked die with their connections; clients know this, and so does the check.
        private void RestartBroker()
        {
            _s.Restart();
            foreach (var client in _clients)
            {
                client.Joins.RemoveAll(join => !join.IsAnswered);
                client.Syncs.RemoveAll(sync => !sync.IsAnswered);
            }
        }

        private void Check()
        {
            _s.Group.Generation.ShouldBeGreaterThanOrEqualTo(_generation);
            _generation = _s.Group.Generation;
            foreach (var client in _clients)
            {
                foreach (var join in client.Joins.Where(join => join.IsAnswered && _checked.Add(join)))
                {
                    Check(client, join.Result);
                }

                foreach (var sync in client.Syncs.Where(sync => sync.IsAnswered && _checked.Add(sync)))
                {
                    Check(sync.Result);
                }
            }

            var snapshot = _s.Group.Snapshot();
            (snapshot.Members.Count == 0).ShouldBe(snapshot.Leader is null);
            if (snapshot.Leader is { } leader)
            {
                snapshot.Members.ShouldContain(member => member.Id == leader);
            }
        }

        private void Check(Client client, JoinResult join)
        {
            if (join.Error is ErrorCode.None or ErrorCode.MemberIdRequired)
            {
                client.MemberId = join.MemberId;
            }
            else if (join.Error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId)
            {
                client.MemberId = "";
            }

            // The one who is given the members leads the generation: never two in one.
            if (join.Error == ErrorCode.None && join.Members.Count > 0)
            {
                join.Leader.ShouldBe(join.MemberId);
                join.Members.ShouldContain(member => member.MemberId == join.MemberId);
                _leaders.TryAdd(join.Generation, join.MemberId);
                _leaders[join.Generation].ShouldBe(join.MemberId);
            }
        }

        private void Check(SyncResult sync)
        {
            // An assignment is of the leader's making for the generation that is served, or empty: never of an older generation.
            if (sync is { Error: ErrorCode.None, Assignment.Length: > 0 })
            {
                var generation = int.Parse(System.Text.Encoding.UTF8.GetString(sync.Assignment).Split(':')[0]);
                generation.ShouldBe(_s.Group.Generation);
            }
        }
    }

    private sealed class Client(string? instance)
    {
        public string? Instance { get; } = instance;

        public string MemberId { get; set; } = "";

        public List<Awaited<JoinResult>> Joins { get; } = [];

        public List<Awaited<SyncResult>> Syncs { get; } = [];
    }
}
