using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Garam.Background;

namespace Garam.Operations.Messages;

/// <summary>
/// Turns work that blocks, as the Kafka client does, into something to await: a result, or a stream of events. A stream has a thread of its own, and at most
/// a few events wait for their reader. When the reader leaves, the work is told, and its end is awaited: no client outlives the loop that started it.
/// </summary>
internal static class BlockingWork
{
    private const int Waiting = 8;

    /// <summary>Runs a call that blocks for a moment on the thread pool. What it throws, the caller gets.</summary>
    public static Task<T> RunAsync<T>(BackgroundWork background, string name, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        background.Queue(name, () => Complete(result, work));
        return result.Task;
    }

    /// <summary>Runs work that blocks for longer on a thread of its own. What it throws, the caller gets.</summary>
    public static Task<T> OnThreadAsync<T>(BackgroundWork background, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        background.RunThread("reading records", () => Complete(result, work), OnFailure.Stop());
        return result.Task;
    }

    public static async IAsyncEnumerable<T> StreamAsync<T>(
        BackgroundWork background, Action<ChannelWriter<T>, CancellationToken> work, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var events = Channel.CreateBounded<T>(new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });
        using var abandoned = new CancellationTokenSource();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        background.RunThread("reading records", () => Run(work, events.Writer, ended, abandoned.Token), OnFailure.Stop());
        try
        {
            // Not cancelled here: cancelled work says its last word first.
            await foreach (var next in events.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return next;
        }
        finally
        {
            await abandoned.CancelAsync().ConfigureAwait(false);
            await ended.Task.ConfigureAwait(false);
        }
    }

    private static void Complete<T>(TaskCompletionSource<T> result, Func<T> work)
    {
        try
        {
            result.TrySetResult(work());
        }
        catch (OperationCanceledException exception)
        {
            result.TrySetCanceled(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            result.TrySetException(exception);
        }
    }

    private static void Run<T>(Action<ChannelWriter<T>, CancellationToken> work, ChannelWriter<T> events, TaskCompletionSource ended, CancellationToken abandoned)
    {
        try
        {
            work(events, abandoned);
            events.Complete();
        }
        catch (Exception exception)
        {
            // The reader gets it, on whose behalf this runs.
            events.TryComplete(exception);
        }
        finally
        {
            ended.SetResult();
        }
    }
}
