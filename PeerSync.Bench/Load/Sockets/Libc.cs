using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;

namespace PeerSync.Bench.Load.Sockets;

/// <summary>
/// The few system calls that the client is made of. .NET's sockets would do, but each of their operations costs several times
/// the system call below it, and the client shares the machine with the server that it measures. Linux only.
/// </summary>
internal static class Libc
{
    public const int WouldBlock = 11;
    public const int Interrupted = 4;
    public const int InProgress = 115;
    public const uint EpollIn = 0x001;
    public const uint EpollOut = 0x004;
    public const int SignalTerminate = 15;
    public const int SignalKill = 9;
    public const int SignalStop = 19;
    public const int SignalContinue = 18;

    private const int AddressFamilyInet = 2;
    private const int StreamNonBlockingCloseOnExec = 0x1 | 0x800 | 0x80000;
    private const int MessageNoSignal = 0x4000;
    private const int EpollCloseOnExec = 0x80000;
    private const int EventNonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int ClockMonotonic = 1;
    private const int ResourceOpenFiles = 7;

    // Linux packs epoll_event on x86-64 and on no other architecture.
    private static readonly int EventStride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int EventDataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int OpenSocket()
    {
        var descriptor = Check(socket(AddressFamilyInet, StreamNonBlockingCloseOnExec, 0), "socket");
        var one = 1;
        _ = Check(setsockopt(descriptor, 6, 1, ref one, sizeof(int)), "TCP_NODELAY");
        // The port is then chosen at connect time, by the whole address pair, so that each source address has its own range.
        _ = Check(setsockopt(descriptor, 0, 24, ref one, sizeof(int)), "IP_BIND_ADDRESS_NO_PORT");
        return descriptor;
    }

    /// <summary>An address as the system's calls take it.</summary>
    public static byte[] SocketAddress(IPAddress address, int port)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, 2);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)port);
        address.GetAddressBytes().CopyTo(bytes, 4);
        return bytes;
    }

    public static void Bind(int descriptor, ReadOnlySpan<byte> address)
    {
        _ = Check(bind(descriptor, in address[0], address.Length), "bind");
    }

    /// <summary>Starts to connect; the socket becomes writable when it is done.</summary>
    public static void Connect(int descriptor, ReadOnlySpan<byte> address)
    {
        if (connect(descriptor, in address[0], address.Length) < 0 && Marshal.GetLastPInvokeError() != InProgress)
        {
            throw Failure("connect");
        }
    }

    /// <summary>The pending error of a socket (0: none), which reading clears.</summary>
    public static int TakeError(int descriptor)
    {
        var error = 0;
        var length = sizeof(int);
        _ = Check(getsockopt(descriptor, 1, 4, ref error, ref length), "SO_ERROR");
        return error;
    }

    /// <summary>Bytes received, 0 at the end of the stream, or -1 with the error in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static int Receive(int descriptor, byte[] buffer)
    {
        return (int)recv(descriptor, ref buffer[0], buffer.Length, 0);
    }

    public static int Send(int descriptor, ReadOnlySpan<byte> data)
    {
        return (int)send(descriptor, in MemoryMarshal.GetReference(data), data.Length, MessageNoSignal);
    }

    public static void Close(int descriptor)
    {
        _ = close(descriptor);
    }

    public static int CreateEpoll() => Check(epoll_create1(EpollCloseOnExec), "epoll_create1");

    public static int CreateEvent() => Check(eventfd(0, EventNonBlockingCloseOnExec), "eventfd");

    public static int CreateTimer() => Check(timerfd_create(ClockMonotonic, EventNonBlockingCloseOnExec), "timerfd_create");

    /// <summary>Makes a timer expire every <paramref name="interval"/>; <see cref="TimeSpan.Zero"/> stops it.</summary>
    public static void SetTimer(int descriptor, TimeSpan interval)
    {
        var nanoseconds = interval.Ticks * TimeSpan.NanosecondsPerTick;
        long[] setting = [nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000, nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000];
        _ = Check(timerfd_settime(descriptor, 0, in setting[0], 0), "timerfd_settime");
    }

    /// <summary>Reads the counter of an event or a timer; 0 when nothing has happened.</summary>
    public static ulong ReadCounter(int descriptor)
    {
        var value = 0UL;
        return read(descriptor, ref value, sizeof(ulong)) == sizeof(ulong) ? value : 0;
    }

    public static void Signal(int descriptor)
    {
        var one = 1UL;
        _ = write(descriptor, ref one, sizeof(ulong));
    }

    public static byte[] CreateEventBuffer(int events) => new byte[events * EventStride];

    public static (uint Events, int Descriptor) ReadEvent(byte[] buffer, int index)
    {
        var entry = buffer.AsSpan(index * EventStride);
        return (MemoryMarshal.Read<uint>(entry), MemoryMarshal.Read<int>(entry[EventDataOffset..]));
    }

    public static void Watch(int epoll, int descriptor, uint events, bool isNew)
    {
        Span<byte> entry = stackalloc byte[16];
        entry.Clear();
        MemoryMarshal.Write(entry, events);
        MemoryMarshal.Write(entry[EventDataOffset..], descriptor);
        _ = Check(epoll_ctl(epoll, isNew ? 1 : 3, descriptor, ref entry[0]), "epoll_ctl");
    }

    public static int Wait(int epoll, byte[] events, int timeoutMilliseconds)
    {
        var count = epoll_wait(epoll, ref events[0], events.Length / EventStride, timeoutMilliseconds);
        return count >= 0 ? count : Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw Failure("epoll_wait");
    }

    public static bool Kill(int processId, int signal) => kill(processId, signal) == 0;

    /// <summary>
    /// CPU time of a process: user and system, all threads, also those that have ended. It is the sum that utime and stime of
    /// /proc/PID/stat are derived from, in nanoseconds instead of hundredths of a second.
    /// </summary>
    public static TimeSpan? CpuTime(int processId)
    {
        // The kernel's encoding of "CPU time of that process, as scheduled" (clock_getcpuclockid).
        var clock = (~processId << 3) | 2;
        Span<long> time = stackalloc long[2];
        return clock_gettime(clock, ref time[0]) == 0
            ? TimeSpan.FromSeconds(time[0]) + TimeSpan.FromTicks(time[1] / TimeSpan.NanosecondsPerTick)
            : null;
    }

    /// <summary>Raises the number of files that this process, and what it starts, may open, as far as it is allowed to.</summary>
    /// <returns>The limit that then holds.</returns>
    public static long RaiseOpenFiles(long wanted)
    {
        Span<long> limit = stackalloc long[2];
        _ = Check(getrlimit(ResourceOpenFiles, ref limit[0]), "getrlimit");
        var hard = (ulong)limit[1];
        if ((ulong)limit[0] < (ulong)wanted)
        {
            // Only a privileged process may raise the hard limit; if this one is not, the hard limit is what there is.
            limit[0] = wanted;
            limit[1] = (long)Math.Max(hard, (ulong)wanted);
            if (setrlimit(ResourceOpenFiles, in limit[0]) != 0)
            {
                limit[0] = (long)Math.Min(hard, (ulong)wanted);
                limit[1] = (long)hard;
                _ = setrlimit(ResourceOpenFiles, in limit[0]);
            }

            _ = Check(getrlimit(ResourceOpenFiles, ref limit[0]), "getrlimit");
        }

        return limit[0] < 0 ? long.MaxValue : limit[0];
    }

    public static Win32Exception Failure(string operation)
    {
        var error = Marshal.GetLastPInvokeError();
        return new Win32Exception(error, $"{operation}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static int Check(int result, string operation) => result >= 0 ? result : throw Failure(operation);

#pragma warning disable IDE1006 // The names are the C library's.
    [DllImport("libc", SetLastError = true)]
    private static extern int socket(int domain, int type, int protocol);

    [DllImport("libc", SetLastError = true)]
    private static extern int bind(int descriptor, in byte address, int length);

    [DllImport("libc", SetLastError = true)]
    private static extern int connect(int descriptor, in byte address, int length);

    [DllImport("libc", SetLastError = true)]
    private static extern int setsockopt(int descriptor, int level, int option, ref int value, int length);

    [DllImport("libc", SetLastError = true)]
    private static extern int getsockopt(int descriptor, int level, int option, ref int value, ref int length);

    [DllImport("libc", SetLastError = true)]
    private static extern nint recv(int descriptor, ref byte buffer, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint send(int descriptor, in byte buffer, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_ctl(int epoll, int operation, int descriptor, ref byte entry);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_wait(int epoll, ref byte events, int count, int timeout);

    [DllImport("libc", SetLastError = true)]
    private static extern int eventfd(uint value, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int timerfd_create(int clock, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int timerfd_settime(int descriptor, int flags, in long setting, nint previous);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(int descriptor, ref ulong value, nint length);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int descriptor, ref ulong value, nint length);

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int processId, int signal);

    [DllImport("libc", SetLastError = true)]
    private static extern int clock_gettime(int clock, ref long time);

    [DllImport("libc", SetLastError = true)]
    private static extern int getrlimit(int resource, ref long limit);

    [DllImport("libc", SetLastError = true)]
    private static extern int setrlimit(int resource, in long limit);
#pragma warning restore IDE1006
}
