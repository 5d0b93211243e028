using Garam.Messaging.Topics;

namespace Garam.Messaging.Health;

/// <summary>
/// Asks the cluster for a sign of life every few seconds: a client whose brokers are away, or take connections and do not answer, says nothing by itself.
/// </summary>
internal sealed class BrokerContact(MessagingOptions options, TopicAdmin admin, TimeProvider time)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private long _last = time.GetTimestamp();
    private volatile string? _error;

    /// <summary>Time since the cluster last answered.</summary>
    public TimeSpan SinceContact => time.GetElapsedTime(Volatile.Read(ref _last));

    public async Task WatchAsync(CancellationToken stopping)
    {
        Volatile.Write(ref _last, time.GetTimestamp());
        using var timer = new PeriodicTimer(AskEvery, time);
        do
        {
            try
            {
                await admin.PingAsync(stopping).ConfigureAwait(false);
                Volatile.Write(ref _last, time.GetTimestamp());
                _error = null;
            }
            catch (TopicAdminException exception)
            {
                _error = exception.Message;
            }
        }
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
    }

    public IEnumerable<MessagingProblem> Problems()
    {
        if (SinceContact is var silence && silence > Patience)
        {
            yield return new(
                ProblemSeverity.Degraded, null, $"No contact with Kafka at {options.BootstrapServers} for {silence.TotalSeconds:0} s. {_error} Check that the brokers run and can be reached.");
        }
    }
}
