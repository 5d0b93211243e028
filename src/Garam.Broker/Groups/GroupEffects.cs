using Garam.Kafka;

namespace Garam.Broker.Groups;

/// <summary>
/// What one input to a group led to. The group only collects; its caller carries it out after it has left the group's lock, because
/// an answer may run a whole connection's worth of work. When the group must be written, no answer leaves before that is durable.
/// </summary>
internal sealed class GroupEffects
{
    private readonly List<Action<ErrorCode>> _answers = [];

    /// <summary>The group's members, generation or assignments have changed in a way that must survive a restart.</summary>
    public bool MustPersist { get; private set; }

    public void Persist() => MustPersist = true;

    public void Answer(Action<JoinResult> answer, JoinResult result) =>
        _answers.Add(storage => answer(storage == ErrorCode.None ? result : JoinResult.Failed(storage, result.MemberId)));

    public void Answer(Action<SyncResult> answer, SyncResult result) =>
        _answers.Add(storage => answer(storage == ErrorCode.None ? result : SyncResult.Failed(storage)));

    public void Answer(Action<ErrorCode> answer) => _answers.Add(answer);

    /// <summary>Sends the answers; <paramref name="storage"/> is what became of the write, if there was one.</summary>
    public void Release(ErrorCode storage = ErrorCode.None)
    {
        foreach (var answer in _answers)
        {
            answer(storage);
        }

        _answers.Clear();
    }
}
