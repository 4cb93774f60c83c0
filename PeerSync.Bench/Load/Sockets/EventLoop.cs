using System.Collections.Concurrent;
using System.Globalization;

namespace PeerSync.Bench.Load.Sockets;

/// <summary>
/// One thread that waits for all its sockets with epoll and runs everything that concerns them: readiness, the asynchronous login
/// flows (it is their <see cref="SynchronizationContext"/>) and, after each round of events, one send per connection that has
/// something to send. Members are for the loop's thread, unless they say otherwise.
/// </summary>
internal sealed class EventLoop : SynchronizationContext, IDisposable
{
    private readonly int _epoll = Libc.CreateEpoll();
    private readonly int _wake = Libc.CreateEvent();
    private readonly byte[] _events = Libc.CreateEventBuffer(512);
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly List<LoadConnection> _unsent = [];
    private readonly Thread _thread;
    private IReadyHandler?[] _handlers = new IReadyHandler?[1024];
    private volatile bool _isStopping;

    public EventLoop(int index)
    {
        Libc.Watch(_epoll, _wake, Libc.EpollIn, isNew: true);
        _thread = new Thread(Run) { Name = string.Create(CultureInfo.InvariantCulture, $"load-{index}"), IsBackground = true };
        _thread.Start();
    }

    /// <summary>One buffer for all sockets of the loop: what is in it has been consumed before the next socket is read.</summary>
    public byte[] ReceiveBuffer { get; } = new byte[256 * 1024];

    /// <summary>What ended the loop, or what a connection's flow could not handle. May be read from any thread.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Runs a flow on the loop's thread. May be called from any thread.</summary>
    public Task InvokeAsync(Func<Task> flow)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => _ = RunFlowAsync(flow, done), null);
        return done.Task;
    }

    /// <inheritdoc cref="InvokeAsync(Func{Task})"/>
    public Task InvokeAsync(Action action)
    {
        return InvokeAsync(() =>
        {
            action();
            return Task.CompletedTask;
        });
    }

    /// <summary>Runs a callback on the loop's thread. May be called from any thread.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        _posted.Enqueue((d, state));
        if (Environment.CurrentManagedThreadId != _thread.ManagedThreadId)
        {
            Libc.Signal(_wake);
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    public void Watch(int descriptor, IReadyHandler handler, uint events)
    {
        if (descriptor >= _handlers.Length)
        {
            Array.Resize(ref _handlers, Math.Max(descriptor + 1, _handlers.Length * 2));
        }

        var isNew = _handlers[descriptor] is null;
        _handlers[descriptor] = handler;
        Libc.Watch(_epoll, descriptor, events, isNew);
    }

    /// <summary>Forgets a descriptor that is about to be closed; closing it removes it from the kernel's set.</summary>
    public void Forget(int descriptor)
    {
        _handlers[descriptor] = null;
    }

    /// <summary>Sends for a connection once the current round of events is over, so that several messages leave in one call.</summary>
    public void SendLater(LoadConnection connection)
    {
        _unsent.Add(connection);
    }

    /// <summary>Stops the thread and closes the loop's own descriptors. May be called from any other thread.</summary>
    public void Dispose()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        Libc.Signal(_wake);
        _thread.Join();
        Libc.Close(_wake);
        Libc.Close(_epoll);
    }

    private static async Task RunFlowAsync(Func<Task> flow, TaskCompletionSource done)
    {
        try
        {
            await flow();
            done.SetResult();
        }
        catch (OperationCanceledException exception)
        {
            done.SetCanceled(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }

    private void Run()
    {
        SetSynchronizationContext(this);
        try
        {
            while (!_isStopping)
            {
                while (_posted.TryDequeue(out var work))
                {
                    work.Callback(work.State);
                }

                FlushUnsent();
                var count = Libc.Wait(_epoll, _events, _posted.IsEmpty ? -1 : 0);
                for (var i = 0; i < count; i++)
                {
                    var (events, descriptor) = Libc.ReadEvent(_events, i);
                    if (descriptor == _wake)
                    {
                        _ = Libc.ReadCounter(_wake);
                    }
                    else
                    {
                        _handlers[descriptor]?.OnReady(events);
                    }
                }
            }
        }
        catch (Exception exception)
        {
            // Whoever waits for the loop's figures asks for the fault; a background thread's exception would end the process
            // without ending the servers that it started.
            Fault = exception;
        }
    }

    private void FlushUnsent()
    {
        for (var i = 0; i < _unsent.Count; i++)
        {
            _unsent[i].Flush();
        }

        _unsent.Clear();
    }
}
