using System.Diagnostics;
using System.Globalization;
using System.Text;
using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Outbox.Tests;

/// <summary>
/// A process that writes rows with their messages and relays them into a file that stands for the event log, until it kills
/// itself (SIGKILL) at the step that it was told, the n-th time it comes there.
/// </summary>
internal static class CrashingProcess
{
    public const string Verb = "crash";

    public static readonly string[] Schema = [SqliteOutbox.Migration, "CREATE TABLE thing(key TEXT PRIMARY KEY, version INTEGER NOT NULL)"];

    private const int Keys = 20;

    public static async Task<int> RunAsync(string[] args)
    {
        var (directory, step, countdown) = (args[0], Enum.Parse<CrashStep>(args[1]), int.Parse(args[2], CultureInfo.InvariantCulture));
        var crash = new CrashPoint(step, countdown);
        await using var store = SqliteStore.Open(Path.Combine(directory, "crash.db"), Schema);
        var outbox = new SqliteOutbox(store, TimeProvider.System);
        store.Committed += () => crash.At(CrashStep.AfterCommit);
        using var log = new FileLog(Path.Combine(directory, "events.log"), crash);
        using var relay = new OutboxRelay(outbox, log, new OutboxHealth(), TimeProvider.System, NullLogger<OutboxRelay>.Instance);
        await relay.StartAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(key => WriteForeverAsync(store, outbox, crash, $"key{key}")));
        return 1;
    }

    /// <summary>Writes version n + 1 of a thing and its message in one command; the committed versions go to stdout.</summary>
    private static async Task WriteForeverAsync(SqliteStore store, SqliteOutbox outbox, CrashPoint crash, string key)
    {
        while (true)
        {
            var version = await store.WriteAsync(connection =>
            {
                connection.Execute("INSERT INTO thing VALUES ($1, 1) ON CONFLICT(key) DO UPDATE SET version = version + 1", key);
                var next = connection.Number("SELECT version FROM thing WHERE key = $1", key);
                crash.At(CrashStep.BetweenRowAndMessage);
                outbox.Add(connection, new OutboxMessage("things", key, Encoding.UTF8.GetBytes($"{key} {next}")));
                crash.At(CrashStep.BeforeCommit);
                return next;
            }, CancellationToken.None);
            Console.Out.WriteLine($"{key} {version}");
        }
    }

    private sealed class CrashPoint(CrashStep step, int countdown)
    {
        private int _countdown = countdown;

        public void At(CrashStep here)
        {
            if (here == step && Interlocked.Decrement(ref _countdown) == 0)
                Process.GetCurrentProcess().Kill();
        }
    }

    private sealed class FileLog(string path, CrashPoint crash) : IRecordProducer, IDisposable
    {
        private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        public async ValueTask<RecordPosition> ProduceAsync(ProducerRecord record, CancellationToken cancellationToken)
        {
            await Task.Yield();
            crash.At(CrashStep.BeforeSend);
            lock (_file)
                _file.Write([.. record.Value!.Value.Span, (byte)'\n']);
            crash.At(CrashStep.BetweenSendAndAcknowledgement);
            return new RecordPosition(record.Topic, 0, 0);
        }

        public void Dispose() => _file.Dispose();
    }
}

internal enum CrashStep
{
    BetweenRowAndMessage,
    BeforeCommit,
    AfterCommit,
    BeforeSend,
    BetweenSendAndAcknowledgement,
}
