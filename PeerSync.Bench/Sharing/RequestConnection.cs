using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Sharing;

/// <summary>One keep-alive connection that asks again as soon as it is answered. All members are for the thread of its <see cref="EventLoop"/>.</summary>
internal sealed class RequestConnection : IReadyHandler
{
    private readonly EventLoop _loop;
    private readonly HttpAnswerReader _reader = new();
    private int _descriptor = -1;
    private TaskCompletionSource? _connected;
    private TaskCompletionSource<ReadOnlyMemory<byte>>? _answered;
    private ReadOnlyMemory<byte> _request;
    private int _sent;
    private long _asked;
    private Histogram? _latencies;
    private bool _isWriteWatched;
    private TaskCompletionSource? _stopped;

    private RequestConnection(EventLoop loop) => _loop = loop;

    /// <summary>Why the connection has ended, or an answer was no success.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Connects.</summary>
    public static async Task<RequestConnection> OpenAsync(EventLoop loop, IPAddress source, int port)
    {
        var connection = new RequestConnection(loop) { _descriptor = Libc.OpenSocket(), _connected = new TaskCompletionSource() };
        try
        {
            Libc.Bind(connection._descriptor, Libc.SocketAddress(source, 0));
            Libc.Connect(connection._descriptor, Libc.SocketAddress(IPAddress.Loopback, port));
            loop.Watch(connection._descriptor, connection, Libc.EpollOut);
            await connection._connected.Task;
            loop.Watch(connection._descriptor, connection, Libc.EpollIn);
            return connection;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    /// <summary>Asks once.</summary>
    /// <param name="request">The whole request.</param>
    /// <returns>The answer's body; its status was 200.</returns>
    public Task<ReadOnlyMemory<byte>> AskAsync(ReadOnlyMemory<byte> request)
    {
        _reader.KeepsBody = true;
        _answered = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        var answer = _answered.Task;
        Ask(request);
        return answer;
    }

    /// <summary>Asks again and again until <see cref="StopAsync"/>.</summary>
    /// <param name="request">The whole request.</param>
    /// <param name="latencies">Takes the nanoseconds from a request to the end of its answer.</param>
    public void Start(ReadOnlyMemory<byte> request, Histogram latencies)
    {
        _reader.KeepsBody = false;
        _latencies = latencies;
        Ask(request);
    }

    /// <summary>Lets the request that is on its way be the last one; completes with its answer.</summary>
    public Task StopAsync()
    {
        if (_latencies is null)
        {
            return Task.CompletedTask;
        }

        _stopped = new TaskCompletionSource();
        return _stopped.Task;
    }

    /// <summary>Gives the descriptor back at once.</summary>
    public void Abort()
    {
        if (_descriptor >= 0)
        {
            _loop.Forget(_descriptor);
            Libc.Close(_descriptor);
            _descriptor = -1;
        }
    }

    /// <inheritdoc/>
    public void OnReady(uint events)
    {
        try
        {
            if (_connected is { } connected)
            {
                _connected = null;
                var error = Libc.TakeError(_descriptor);
                if (error != 0)
                {
                    throw new IOException("connect: " + Marshal.GetPInvokeErrorMessage(error));
                }

                connected.SetResult();
                return;
            }

            if ((events & Libc.EpollOut) != 0)
            {
                Flush();
            }

            if ((events & ~Libc.EpollOut) != 0 && _descriptor >= 0)
            {
                Receive();
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Ask(ReadOnlyMemory<byte> request)
    {
        _request = request;
        _sent = 0;
        _asked = Stopwatch.GetTimestamp();
        try
        {
            Flush();
        }
        catch (IOException exception)
        {
            Fail(exception);
        }
    }

    private void Flush()
    {
        while (_sent < _request.Length)
        {
            var count = Libc.Send(_descriptor, _request.Span[_sent..]);
            if (count >= 0)
            {
                _sent += count;
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.WouldBlock)
            {
                WatchWrites(true);
                return;
            }

            if (error != Libc.Interrupted)
            {
                throw new IOException("send: " + Marshal.GetPInvokeErrorMessage(error));
            }
        }

        WatchWrites(false);
    }

    private void WatchWrites(bool isWatched)
    {
        if (_isWriteWatched != isWatched)
        {
            _isWriteWatched = isWatched;
            _loop.Watch(_descriptor, this, isWatched ? Libc.EpollIn | Libc.EpollOut : Libc.EpollIn);
        }
    }

    private void Receive()
    {
        var buffer = _loop.ReceiveBuffer;
        var count = Libc.Receive(_descriptor, buffer);
        if (count > 0)
        {
            if (_reader.Read(buffer.AsSpan(0, count)))
            {
                OnAnswer();
            }
        }
        else if (count == 0)
        {
            throw new IOException("The server ended the connection.");
        }
        else if (Marshal.GetLastPInvokeError() is not (Libc.WouldBlock or Libc.Interrupted) and var error)
        {
            throw new IOException("recv: " + Marshal.GetPInvokeErrorMessage(error));
        }
    }

    private void OnAnswer()
    {
        if (_reader.Status != 200)
        {
            throw new InvalidDataException($"An answer was {_reader.Status} {System.Text.Encoding.UTF8.GetString(_reader.Body.Span)}");
        }

        if (_answered is { } answered)
        {
            _answered = null;
            answered.SetResult(_reader.Body);
            return;
        }

        _latencies!.Record((long)Stopwatch.GetElapsedTime(_asked).TotalNanoseconds);
        if (_stopped is { } stopped)
        {
            _stopped = null;
            _latencies = null;
            stopped.SetResult();
            return;
        }

        Ask(_request);
    }

    private void Fail(Exception exception)
    {
        Error ??= exception;
        _latencies = null;
        Abort();
        _connected?.TrySetException(exception);
        _answered?.TrySetException(exception);
        _answered = null;
        _stopped?.TrySetResult();
        _stopped = null;
    }
}
