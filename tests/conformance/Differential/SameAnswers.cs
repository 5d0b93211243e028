using System.Text;
using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Conformance.Differential;

/// <summary>
/// The same requests to our broker and to Apache Kafka, byte by byte what the test says; the answers must be the same. Nothing is expected
/// in writing: Apache Kafka is the expectation.
/// </summary>
public abstract class SameAnswers(GaramBroker garam, ApacheKafka kafka)
{
    private long _time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>A name that is new in both brokers.</summary>
    protected string Name { get; } = $"same-{Guid.NewGuid():n}";

    private protected async Task CompareAsync(Func<RawClient, Transcript, Task> conversation)
    {
        var expected = await RunAsync(kafka, conversation);
        var answered = await RunAsync(garam, conversation);
        Transcript.ShouldBeSame(expected, answered);
    }

    private protected static IEnumerable<short> Versions(ApiKey api)
    {
        var info = ApiInfo.For(api)!;
        return Enumerable.Range(info.MinVersion, info.MaxVersion - info.MinVersion + 1).Select(version => (short)version);
    }

    /// <summary>One uncompressed batch with these values, a millisecond later than the one before; keys are their positions.</summary>
    private protected byte[] Batch(params string[] values) => Batch(new RecordBatchBuilder(), values);

    private protected byte[] Batch(RecordBatchBuilder builder, params string[] values)
    {
        _time++;
        for (var i = 0; i < values.Length; i++)
        {
            builder.Add(_time, Encoding.UTF8.GetBytes($"{i}"), Encoding.UTF8.GetBytes(values[i]));
        }
        return builder.Build().ToArray();
    }

    private static async Task<IReadOnlyList<string>> RunAsync(TestedBroker broker, Func<RawClient, Transcript, Task> conversation)
    {
        await using var client = await RawClient.ConnectAsync(await broker.BootstrapServersAsync());
        var transcript = new Transcript();
        await conversation(client, transcript);
        return transcript.Lines;
    }
}
