using Garam.Bench.Load;
using Garam.Bench.Servers;

namespace Garam.Bench.Work;

/// <summary>
/// The same requests over more and more partitions: 4 KB batches, one partition after the other, and one consumer with a session over all of
/// them. The topic stays from round to round, and each round begins with a batch for every partition that is not counted: what is measured is
/// the use of partitions, not their making nor the opening of their files.
/// </summary>
internal sealed class SpreadWorkload(int partitions, int requests) : Workload
{
    public const int RecordsPerBatch = 4;

    private static readonly BatchShape Shape = new(RecordBytes: 1024, RecordsPerBatch);

    private readonly Dictionary<Server, (ProduceLoad Producer, FetchLoad Consumer)> _clients = [];

    public override IReadOnlyList<string> Rows => [$"produce-p{partitions}", $"consume-p{partitions}"];

    /// <summary>Apache Kafka makes no topic of 10,000 partitions ("excessively large batch operation").</summary>
    public override bool Suits(ServerKind kind) => kind.SpeaksKafka && (partitions < 10_000 || kind.Name != ServerKind.Kafka);

    public override IReadOnlyList<Measurement> Measure(Server server)
    {
        if (!_clients.TryGetValue(server, out var clients)) clients = _clients[server] = Connect(server);
        clients.Consumer.Open();
        var before = clients.Producer.Total;
        clients.Producer.Run(partitions);
        clients.Consumer.Run(clients.Producer.Total - before);

        before = clients.Producer.Total;
        var stint = Stint.Begin(server);
        clients.Producer.Run(requests);
        var work = clients.Producer.Total - before;
        var produced = stint.End(Rows[0], work);

        stint = Stint.Begin(server);
        clients.Consumer.Run(work);
        return [produced, stint.End(Rows[1], work)];
    }

    private (ProduceLoad, FetchLoad) Connect(Server server)
    {
        var topic = $"spread-{partitions}";
        var topicId = server.CreateTopic(topic, partitions);
        return (new ProduceLoad(server.Connect(), new Batches(topic, Shape), partitions, speaksKafka: true), new FetchLoad(server.Connect(), topicId, partitions));
    }
}
