using System.Diagnostics.Metrics;
using Garam.Background;
using Garam.Outbox.Sqlite;
using Microsoft.Data.Sqlite;

namespace Garam.Outbox;

/// <summary>What one relay and its outbox are doing: the source of health, metrics and what operators see.</summary>
internal sealed class OutboxStatus : IDisposable
{
    /// <summary>A message that waits longer is a problem, whatever the reason.</summary>
    internal static readonly TimeSpan LongestNormalWait = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, string> _failing = [];
    private readonly BackgroundWork _background;
    private readonly TimeProvider _time;
    private readonly Action<OutboxStatus> _disposed;
    private readonly Meter _meter = new(OutboxMetrics.MeterName);
    private long _lostReceipts;
    private string? _lastLost;

    public OutboxStatus(
        string name, SqliteOutbox outbox, BackgroundWork background, OutboxSchedule schedule, TimeProvider time, Action<OutboxStatus> disposed)
    {
        (Name, Outbox, Schedule, _background, _time, _disposed) = (name, outbox, schedule, background, time, disposed);
        KeyValuePair<string, object?>[] tags = [new("outbox", name)];
        _meter.CreateObservableGauge(
            "garam.outbox.in_flight", () => new Measurement<int>(schedule.InMemory, tags),
            "{message}", "Messages that the relay has read and not removed yet");
        _meter.CreateObservableGauge(
            "garam.outbox.oldest", () => new Measurement<double>(OldestAge()?.TotalSeconds ?? 0, tags),
            "s", "How long the oldest message has been waiting; undeliverable ones are not counted");
        _meter.CreateObservableGauge(
            "garam.outbox.undeliverable", () => new Measurement<long>(Undeliverable(), tags),
            "{message}", "Messages that were set aside and wait for an operator");
    }

    public string Name { get; }

    public SqliteOutbox Outbox { get; }

    public OutboxSchedule Schedule { get; }

    public void Dispose()
    {
        _meter.Dispose();
        _disposed(this);
    }

    /// <summary>True when this is the first failing message after none.</summary>
    public bool Report(OutboxRow row, Exception error)
    {
        lock (_failing)
        {
            _failing[row.Id] = ExceptionText.Message(error);
            return _failing.Count == 1;
        }
    }

    /// <summary>True when this was the last failing message.</summary>
    public bool Clear(OutboxRow row)
    {
        lock (_failing)
            return _failing.Remove(row.Id) && _failing.Count == 0;
    }

    /// <summary>True for the first one.</summary>
    public bool ReceiptLost(OutboxReceipt receipt, Exception error)
    {
        _lastLost = $"message {receipt.MessageId}: {ExceptionText.Message(error)}";
        return Interlocked.Increment(ref _lostReceipts) == 1;
    }

    /// <summary>Why a row fails; null for one that does not, or has not been tried.</summary>
    public string? FailureOf(long id)
    {
        lock (_failing)
            return _failing.GetValueOrDefault(id);
    }

    /// <summary>One sentence for each problem.</summary>
    public IEnumerable<string> Problems()
    {
        if (Failing() is { } failing)
            yield return failing;
        foreach (var problem in _background.Problems)
            yield return problem.Message;
        foreach (var problem in Outbox.Store.Problems)
            yield return problem;
        foreach (var problem in InTable())
            yield return problem;
        if (Interlocked.Read(ref _lostReceipts) is > 0 and var lost)
            yield return $"The host's Delivered callback has failed for {lost:N0} sent {(lost == 1 ? "message" : "messages")} of {Name} since the start; "
                + $"their receipts are lost. The last was {_lastLost}";
    }

    private string? Failing()
    {
        lock (_failing)
        {
            return _failing.Count == 0 ? null
                : $"{_failing.Count:N0} {(_failing.Count == 1 ? "message" : "messages")} of {Name} cannot be sent and {(_failing.Count == 1 ? "is" : "are")} being retried. "
                    + $"The oldest: {_failing[_failing.Keys.Min()]}";
        }
    }

    private List<string> InTable()
    {
        var problems = new List<string>();
        try
        {
            if (Outbox.CountUndeliverable() is > 0 and var count)
                problems.Add($"{count:N0} undeliverable {(count == 1 ? "message" : "messages")} of {Name} {(count == 1 ? "waits" : "wait")} for a decision, "
                    + "and so do the later messages of their keys. See: garam outbox list");
            if (OldestAge() is { } age && age > LongestNormalWait)
                problems.Add($"The oldest message of {Name} has been waiting for {age.TotalSeconds:N0} s.");
        }
        catch (SqliteException error)
        {
            problems.Add($"The outbox of {Name} cannot be read: {error.Message}");
        }
        catch (ObjectDisposedException)
        {
            // The store is closed before the host that is asked is gone.
        }

        return problems;
    }

    private TimeSpan? OldestAge() => Outbox.OldestWrittenAt() is { } oldest ? _time.GetUtcNow() - oldest : null;

    private long Undeliverable() => Outbox.CountUndeliverable();
}
