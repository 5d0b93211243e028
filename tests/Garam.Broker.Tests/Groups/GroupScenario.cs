using Garam.Broker.Groups;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.Groups;

/// <summary>A group with a clock that stands still, and short words for what clients do to it.</summary>
internal sealed class GroupScenario
{
    private int _ids;

    public GroupScenario(GroupOptions? options = null)
    {
        Options = options ?? new GroupOptions();
        Group = NewGroup();
    }

    public GroupOptions Options { get; }

    public TestClock Time { get; } = new();

    public Group Group { get; private set; }

    public GroupState State => Group.State;

    /// <summary>Every state that was written, oldest first.</summary>
    public List<GroupSnapshot> Written { get; } = [];

    public static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(60);

    public Awaited<JoinResult> Join(
        string memberId = "", string? instance = null, TimeSpan? session = null, TimeSpan? rebalance = null, bool idFirst = false,
        bool canSkip = false, string type = "consumer", string clientId = "client", params string[] protocols)
    {
        var answer = new Awaited<JoinResult>();
        var join = new JoinAttempt
        {
            MemberId = memberId,
            InstanceId = instance,
            ClientId = clientId,
            ClientHost = "/127.0.0.1",
            ProtocolType = type,
            Protocols = [.. (protocols.Length == 0 ? ["range"] : protocols).Select(Protocol)],
            SessionTimeout = session ?? Session,
            RebalanceTimeout = rebalance ?? Rebalance,
            RequiresKnownMemberId = idFirst,
            CanSkipAssignment = canSkip,
        };
        Do(effects => Group.Join(join, answer.Set, effects));
        return answer;
    }

    /// <summary>"range" or "range:metadata".</summary>
    public static GroupProtocol Protocol(string text)
    {
        var parts = text.Split(':', 2);
        return new GroupProtocol(parts[0], Bytes(parts.Length == 2 ? parts[1] : "m"));
    }

    public static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    public Awaited<SyncResult> Sync(string memberId, int generation, params (string Member, string Assignment)[] assignments) =>
        Sync(new SyncAttempt(memberId, null, generation, assignments.ToDictionary(a => a.Member, a => Bytes(a.Assignment))));

    public Awaited<SyncResult> Sync(SyncAttempt sync)
    {
        var answer = new Awaited<SyncResult>();
        Do(effects => Group.Sync(sync, answer.Set, effects));
        return answer;
    }

    public ErrorCode Leave(string memberId, string? instance = null)
    {
        var error = ErrorCode.UnknownServerError;
        Do(effects => error = Group.Leave(memberId, instance, effects));
        return error;
    }

    public void Pass(TimeSpan time)
    {
        var end = Time.GetElapsedTime(0) + time;
        while (Group.NextDeadline() is { } due && due <= end)
        {
            var step = due - Time.GetElapsedTime(0);
            Time.Advance(step > TimeSpan.Zero ? step : TimeSpan.Zero);
            Do(Group.Tick);
        }

        var rest = end - Time.GetElapsedTime(0);
        Time.Advance(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
    }

    /// <summary>The broker stops without a word and comes back with the bytes that were written last.</summary>
    public void Restart()
    {
        Group = NewGroup();
        if (Written.Count > 0)
        {
            Group.Restore(ReadBack(Written[^1]));
        }
    }

    /// <summary>A stable group of dynamic members; the first leads. Everybody is assigned "for " + its id.</summary>
    public string[] StableGroupOf(int size, Func<int, string?>? instance = null)
    {
        var first = Join(instance: instance?.Invoke(0));
        var ids = new List<string> { first.Result.MemberId };
        if (size > 1)
        {
            var others = Enumerable.Range(1, size - 1).Select(i => Join(instance: instance?.Invoke(i))).ToList();
            Join(ids[0], instance?.Invoke(0));
            ids.AddRange(others.Select(other => other.Result.MemberId));
        }

        var all = ids.Select(id => (id, "for " + id)).ToArray();
        for (var i = 0; i < size; i++)
        {
            var sync = new SyncAttempt(ids[i], instance?.Invoke(i), Group.Generation, i == 0 ? all.ToDictionary(a => a.id, a => Bytes(a.Item2)) : []);
            Sync(sync);
        }

        State.ShouldBe(GroupState.Stable);
        return [.. ids];
    }

    private void Do(Action<GroupEffects> input)
    {
        var effects = new GroupEffects();
        input(effects);
        if (effects.MustPersist)
        {
            Written.Add(Group.Snapshot());
        }

        effects.Release();
    }

    private static GroupSnapshot ReadBack(GroupSnapshot written)
    {
        var batch = new RecordBatchBuilder();
        batch.AddGroup(written, now: 0);
        RecordBatch.TryRead(batch.Build(), out var read).ShouldBeTrue();
        var replay = new GroupReplay();
        read.ReadRecords().TryRead(out var record).ShouldBeTrue();
        GroupRecords.Read(record, replay);
        return replay.Result().Single().Snapshot.ShouldNotBeNull();
    }

    private Group NewGroup() => new("g", Options, Time, prefix => $"{prefix}-{++_ids}");
}

/// <summary>An answer that may be outstanding, and must not come twice.</summary>
internal sealed class Awaited<T>
    where T : class
{
    private T? _result;

    public bool IsAnswered => _result is not null;

    public T Result => _result ?? throw new InvalidOperationException("Still parked.");

    public void Set(T result)
    {
        if (_result is not null)
        {
            throw new InvalidOperationException("Answered twice.");
        }

        _result = result;
    }
}
