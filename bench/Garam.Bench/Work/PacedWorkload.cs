using Garam.Bench.Load;
using Garam.Bench.Servers;

namespace Garam.Bench.Work;

/// <summary>One small record in each request, at a fixed rate: what a request costs, and how long it takes, when the server is not busy.</summary>
internal sealed class PacedWorkload(TimeSpan time) : Workload
{
    private const string Topic = "paced";
    private const int PerSecond = 2_000;
    private static readonly BatchShape Shape = new(RecordBytes: 100, RecordsPerBatch: 1);

    public override IReadOnlyList<string> Rows => ["paced"];

    public override IReadOnlyList<Measurement> Measure(Server server)
    {
        server.CreateTopic(Topic, 1);
        try
        {
            using var wire = server.Connect();
            var producer = new ProduceLoad(wire, new Batches(Topic, Shape), 1, server.Kind.SpeaksKafka);
            producer.RunPaced(PerSecond, TimeSpan.FromMilliseconds(500));
            var before = producer.Total;
            var stint = Stint.Begin(server);
            var latencies = producer.RunPaced(PerSecond, time);
            var measured = stint.End(Rows[0], producer.Total - before);
            Array.Sort(latencies);
            return [measured with { P50 = latencies[latencies.Length / 2], P99 = latencies[(int)(latencies.Length * 0.99)] }];
        }
        finally
        {
            server.DeleteTopic(Topic);
        }
    }
}
