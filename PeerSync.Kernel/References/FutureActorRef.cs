namespace PeerSync.Kernel;

/// <summary>The sender of a question: what it is told is the answer.</summary>
internal sealed class FutureActorRef<T> : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActorSystem? _system;
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;
    private TimeSpan _timeout;

    public FutureActorRef(ActorSystem? system)
    {
        _system = system;
    }

    public override ActorPath Path => new(new ActorPath(_system?.RootPath, "temp", uid: 0), "$ask", uid: 0);

    public override ActorSystem System => _system ?? throw new NotSupportedException("The question was not asked of an actor of a system.");

    public override bool IsTerminated => _answer.Task.IsCompleted;

    public Task<T> Answer => _answer.Task;

    /// <summary>Arms the deadline; called once, before the question is told.</summary>
    public void Start(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (timeout is { } time && time != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, nameof(timeout));
            _timeout = time;
            _timer = (_system?.TimeProvider ?? TimeProvider.System).CreateTimer(
                static state => ((FutureActorRef<T>)state!).TimeOut(),
                this,
                time,
                Timeout.InfiniteTimeSpan);
        }

        _registration = cancellationToken.UnsafeRegister(static (state, token) => ((FutureActorRef<T>)state!).CancelAnswer(token), this);
        if (_answer.Task.IsCompleted)
        {
            CleanUp();
        }
    }

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        var first = message switch
        {
            Status.Failure failure => _answer.TrySetException(failure.Cause),
            Failure { Exception: { } exception } => _answer.TrySetException(exception),
            T answer => _answer.TrySetResult(answer),
            Status.Success { Status: T answer } => _answer.TrySetResult(answer),
            _ => _answer.TrySetException(new ArgumentException($"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };

        if (first)
        {
            CleanUp();
        }
        else
        {
            _system?.DeadLetters.Tell(message, sender);
        }
    }

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case SystemMessages.DeathWatchNotification notification:
                Tell(new Terminated(notification.Actor, notification.ExistenceConfirmed, addressTerminated: false), notification.Actor);
                break;
            case SystemMessages.Watch watch:
                _answer.Task.ContinueWith(
                    (_, state) => ((IInternalActorRef)state!).SendSystemMessage(new SystemMessages.DeathWatchNotification(this, existenceConfirmed: true)),
                    watch.Watcher,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
                break;
            default:
                break;
        }
    }

    private void TimeOut()
    {
        if (_answer.TrySetException(new AskTimeoutException($"Timeout after {_timeout}")))
        {
            CleanUp();
        }
    }

    private void CancelAnswer(CancellationToken cancellationToken)
    {
        if (_answer.TrySetCanceled(cancellationToken))
        {
            CleanUp();
        }
    }

    private void CleanUp()
    {
        _timer?.Dispose();

        // Not waiting for a callback in progress: it may be the one that called.
        _registration.Unregister();
    }
}
