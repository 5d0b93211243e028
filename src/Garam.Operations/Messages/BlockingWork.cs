using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Garam.Operations.Messages;

/// <summary>
/// Turns work that blocks, as the Kafka client does, into a stream of events: the work has a thread of its own, and at most a few events wait
/// for their reader. When the reader leaves, the work is told, and its end is awaited: no client outlives the loop that started it.
/// </summary>
internal static class BlockingWork
{
    private const int Waiting = 8;

    public static async IAsyncEnumerable<T> StreamAsync<T>(Action<ChannelWriter<T>, CancellationToken> work, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var events = Channel.CreateBounded<T>(new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });
        using var abandoned = new CancellationTokenSource();
        var running = Task.Factory.StartNew(() => Run(work, events.Writer, abandoned.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            // Not cancelled here: cancelled work says its last word first.
            await foreach (var next in events.Reader.ReadAllAsync(CancellationToken.None))
                yield return next;
        }
        finally
        {
            await abandoned.CancelAsync();
            await running;
        }
    }

    private static void Run<T>(Action<ChannelWriter<T>, CancellationToken> work, ChannelWriter<T> events, CancellationToken abandoned)
    {
        try
        {
            work(events, abandoned);
            events.Complete();
        }
        // Whatever it is, the reader is told, on whose behalf this runs.
        catch (Exception exception)
        {
            events.Complete(exception);
        }
    }
}
