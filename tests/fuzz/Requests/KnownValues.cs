namespace Garam.Fuzz.Requests;

/// <summary>What a client learns from answers and says again: without it most requests would speak of members and sessions that do not exist.</summary>
internal sealed class KnownValues(Random random)
{
    private const int Kept = 16;

    private readonly List<string> _memberIds = ["", "nobody"];
    private readonly List<int> _sessionIds = [0, 1];
    private readonly List<long> _producerIds = [-1, 0];

    public string MemberId => _memberIds[random.Next(_memberIds.Count)];

    public int SessionId => _sessionIds[random.Next(_sessionIds.Count)];

    public long ProducerId => _producerIds[random.Next(_producerIds.Count)];

    public void AddMember(string id) => Add(_memberIds, id);

    public void AddSession(int id) => Add(_sessionIds, id);

    public void AddProducer(long id) => Add(_producerIds, id);

    private void Add<T>(List<T> values, T value)
    {
        if (values.Contains(value)) return;
        if (values.Count < Kept) values.Add(value);
        else values[random.Next(2, Kept)] = value;
    }
}
