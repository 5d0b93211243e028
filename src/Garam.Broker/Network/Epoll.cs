using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Garam.Broker.Network;

/// <summary>What Linux offers to wait for many sockets on one thread; see epoll(7). Level-triggered: what is not dealt with is reported again.</summary>
/// <remarks>The kernel packs <c>struct epoll_event</c> on x86, and nowhere else:
/// <code>
///   x86      | events 4 | token 8 |
///   others   | events 4 | padding 4 | token 8 |
/// </code>
/// </remarks>
internal static unsafe partial class Epoll
{
    public const uint Readable = 0x001, Writable = 0x004, Error = 0x008, HungUp = 0x010;

    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;
    private static readonly int TokenAt = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;

    public enum Operation
    {
        Add = 1,
        Remove = 2,
        Modify = 3,
    }

    /// <summary>Bytes of one event in the buffer of <see cref="Wait"/>.</summary>
    public static int EventSize => TokenAt + sizeof(long);

    /// <exception cref="IOException">No file descriptor is free.</exception>
    public static int Create() => Checked(CreateDescriptor(CloseOnExec), "epoll_create1");

    /// <summary>A descriptor that becomes readable by <see cref="Signal"/>.</summary>
    /// <exception cref="IOException">No file descriptor is free.</exception>
    public static int CreateSignal() => Checked(CreateEvent(0, CloseOnExec), "eventfd");

    /// <exception cref="IOException">The kernel has no memory for one more.</exception>
    public static void Control(int epoll, Operation operation, int descriptor, uint events, long token)
    {
        var change = stackalloc byte[EventSize];
        Unsafe.WriteUnaligned(change, events);
        Unsafe.WriteUnaligned(change + TokenAt, token);
        _ = Checked(ControlDescriptor(epoll, (int)operation, descriptor, change), "epoll_ctl");
    }

    /// <summary>Waits until something can be done, and says how many events are in <paramref name="buffer"/>.</summary>
    public static int Wait(int epoll, byte[] buffer)
    {
        fixed (byte* events = buffer)
        {
            var count = WaitForEvents(epoll, events, buffer.Length / EventSize, timeout: -1);
            if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted) return 0;
            return Checked(count, "epoll_wait");
        }
    }

    public static (uint Events, long Token) Event(byte[] buffer, int index)
    {
        ref var at = ref buffer[index * EventSize];
        return (Unsafe.ReadUnaligned<uint>(ref at), Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref at, TokenAt)));
    }

    public static void Signal(int descriptor)
    {
        var one = 1L;
        _ = WriteDescriptor(descriptor, (byte*)&one, sizeof(long));
    }

    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    private static int Checked(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int CreateDescriptor(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int CreateEvent(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int ControlDescriptor(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int WaitForEvents(int epoll, byte* events, int most, int timeout);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteDescriptor(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
