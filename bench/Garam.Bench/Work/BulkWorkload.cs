using Garam.Bench.Load;
using Garam.Bench.Servers;

namespace Garam.Bench.Work;

/// <summary>Batches of about 100 KB into one partition, and out again.</summary>
internal sealed class BulkWorkload(string name, BatchShape shape, int requests) : Workload
{
    private const string Topic = "bulk";

    public override IReadOnlyList<string> Rows => [$"produce-{name}", $"consume-{name}"];

    public override IReadOnlyList<Measurement> Measure(Server server)
    {
        var topicId = server.CreateTopic(Topic, 1);
        try
        {
            using var wire = server.Connect();
            var producer = new ProduceLoad(wire, new Batches(Topic, shape), 1, server.Kind.SpeaksKafka);
            var stint = Stint.Begin(server);
            producer.Run(requests);
            var produced = stint.End(Rows[0], producer.Total);

            var consumer = server.Kind.SpeaksKafka ? new FetchLoad(wire, topicId, 1) : null;
            stint = Stint.Begin(server);
            if (consumer is not null) consumer.Run(producer.Total);
            else FloorFetch.Run(wire, producer.Total.Bytes);
            return [produced, stint.End(Rows[1], producer.Total)];
        }
        finally
        {
            server.DeleteTopic(Topic);
        }
    }
}
