using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text;
using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Tests.Log;

/// <summary>
/// A process that appends to three partitions until it is killed: this test assembly, started for the one method below with <see cref="Variable"/> set to a data directory. How much was
/// acknowledged it writes into a mapped file, which survives the kill.
/// </summary>
public sealed class LogUnderLoad
{
    public const string Variable = "GARAM_TEST_LOG_UNDER_LOAD";
    public const string Plain = "plain", Synced = "synced", Compacted = "compacted";
    public const int Keys = 10;
    public static readonly string[] Topics = [Plain, Synced, Compacted];

    internal static LogConfig ConfigOf(string topic) => new()
    {
        SegmentBytes = 10_000,
        IndexIntervalBytes = 1_000,
        FlushMessages = topic == Synced ? 1 : long.MaxValue,
        CleanupPolicy = topic == Compacted ? CleanupPolicy.Compact : CleanupPolicy.Delete,
        MinCleanableDirtyRatio = 0.1,
    };

    internal static LogManager Open(string data)
    {
        var manager = LogManager.Open(data, new LogManagerOptions { CompactionCheckMs = 20, CheckpointMs = 50 }, new ErrorsToConsole(), TimeProvider.System, CancellationToken.None);
        foreach (var topic in Topics)
        {
            var name = new TopicPartition(topic, 0);
            (manager.Find(name) ?? manager.Create(name, Guid.NewGuid(), ConfigOf(topic))).UpdateConfig(ConfigOf(topic));
        }
        return manager;
    }

    /// <summary>The mapped file: how many records of each topic were acknowledged.</summary>
    public static MemoryMappedFile OpenAcks(string data) => MemoryMappedFile.CreateFromFile(Path.Combine(data, "acks"), FileMode.OpenOrCreate, null, Topics.Length * sizeof(long));

    /// <summary>The batch that belongs at <paramref name="offset"/>.</summary>
    public static byte[] BatchAt(int topic, long offset)
    {
        var builder = new RecordBatchBuilder { ProducerId = topic, ProducerEpoch = 0, BaseSequence = (int)offset };
        builder.Add(offset, Encoding.ASCII.GetBytes(KeyAt(offset)), Encoding.ASCII.GetBytes(ValueAt(offset)));
        return builder.Build().ToArray();
    }

    public static string KeyAt(long offset) => $"k{offset % Keys}";

    public static string ValueAt(long offset) => string.Create(CultureInfo.InvariantCulture, $"value {offset} {new string('x', (int)(offset * 7 % 100))}");

    /// <summary>Not a test: what the killed process does.</summary>
    [Fact(Explicit = true)]
    public void Append_until_killed()
    {
        var data = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(data is null, "only KillTests starts this");
        var manager = Open(data!);
        manager.Start();
        var acks = OpenAcks(data!).CreateViewAccessor();
        var threads = Topics.Select((topic, index) => new Thread(() => Append(manager.Find(new TopicPartition(topic, 0))!, index, acks))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private static void Append(PartitionLog log, int topic, MemoryMappedViewAccessor acks)
    {
        var synced = Array.IndexOf(Topics, Synced) * sizeof(long);
        for (var offset = log.LogEndOffset; ; offset++)
        {
            SpinWait.SpinUntil(() => offset < 1_000 + 20 * acks.ReadInt64(synced)); // else the others fill the disk while one waits for it
            var appended = log.Append(BatchAt(topic, offset), AppendOrigin.Client);
            if (appended.Error != ErrorCode.None || appended.BaseOffset != offset)
            {
                Environment.FailFast($"{log.Name}: {appended}");
            }
            using var committed = new Committed();
            if (!log.IsCommitted(appended.LastOffset + 1, committed))
            {
                committed.Wait();
            }
            acks.Write(topic * sizeof(long), offset + 1);
        }
    }

    private sealed class ErrorsToConsole : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Console.Error.WriteLine($"{eventId.Id}: {formatter(state, exception)} {exception}");
    }

    private sealed class Committed : CommitWaiter, IDisposable
    {
        private readonly ManualResetEventSlim _done = new();

        public void Wait() => _done.Wait();

        public void Dispose() => _done.Dispose();

        protected internal override void Complete(ErrorCode error) => _done.Set();
    }
}
