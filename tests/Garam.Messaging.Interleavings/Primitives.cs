using Garam.Background;
using Garam.Messaging.Interleavings;

// In the namespace of the code under test, so that its own source, compiled here, means these.
namespace Garam.Messaging.Consuming;

internal static class Interlocked
{
    public static T Exchange<T>(ref T location, T value)
    {
        Interleaver.Point();
        var before = location;
        location = value;
        return before;
    }

    public static int Increment(ref int location)
    {
        Interleaver.Point();
        return ++location;
    }

    public static int Decrement(ref int location)
    {
        Interleaver.Point();
        return --location;
    }
}

internal static class Volatile
{
    public static T Read<T>(ref readonly T location)
    {
        Interleaver.Point();
        return location;
    }

    public static void Write<T>(ref T location, T value)
    {
        location = value;
        Interleaver.Point();
    }
}

internal sealed class ConcurrentQueue<T>
{
    private readonly Queue<T> _items = [];

    /// <summary>The planted fault: a lane that has run out of records does not see one that came at this moment.</summary>
    public bool IsEmpty
    {
        get
        {
            Interleaver.Point();
            return _items.Count == 0 || Planted.LanesDoNotLookAgain.Value;
        }
    }

    public void Enqueue(T item)
    {
        Interleaver.Point();
        _items.Enqueue(item);
        Interleaver.Point();
    }

    public bool TryDequeue(out T? item)
    {
        Interleaver.Point();
        return _items.TryDequeue(out item);
    }
}

internal sealed class SemaphoreSlim(int initialCount)
{
    private int _count = initialCount;

    public void Wait() => Wait(Timeout.InfiniteTimeSpan);

    public bool Wait(TimeSpan timeout)
    {
        if (!Interleaver.Wait(() => _count > 0, timeout))
        {
            return false;
        }

        _count--;
        return true;
    }

    public void Release()
    {
        _count++;
        Interleaver.Point();
    }
}

internal sealed class ManualResetEventSlim(bool initialState)
{
    private bool _isSet = initialState;

    public bool IsSet
    {
        get
        {
            Interleaver.Point();
            return _isSet;
        }
    }

    public void Set()
    {
        _isSet = true;
        Interleaver.Point();
    }

    public void Reset() => _isSet = false;

    public bool Wait(TimeSpan timeout) => Interleaver.Wait(() => _isSet, timeout);
}

/// <summary>Starts simulated threads and timers. What fails in them fails the run.</summary>
internal sealed class BackgroundWork(Interleaver interleaver)
{
    public void RunThread(string name, Action work, OnFailure onFailure) => interleaver.Start(work);

    public bool RunOnce(string name, Action work)
    {
        work();
        return true;
    }

    public ITimer CreateTimer(string name, Action callback, TimeSpan due, TimeSpan period) => interleaver.CreateTimer(callback);

    public void Observe(string name, Task task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException($"{name} is not simulated.");
        }
    }

    public void Run(string name, Func<CancellationToken, Task> work, OnFailure onFailure, CancellationToken stopping) => throw new NotSupportedException(name);

    public void Failed(string name, Exception exception) => throw new InvalidOperationException(name, exception);
}

/// <summary>Faults that the simulation must find.</summary>
internal static class Planted
{
    /// <summary>Of the threads of one run: it flows to those that the run starts.</summary>
    public static AsyncLocal<bool> LanesDoNotLookAgain { get; } = new();
}
