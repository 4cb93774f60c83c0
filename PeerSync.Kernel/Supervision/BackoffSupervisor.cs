namespace PeerSync.Kernel;

/// <summary>Starts a child again after delays that double, so that what it depends on has time to recover. Messages are forwarded to the child.</summary>
public sealed class BackoffSupervisor : UntypedActor, IWithTimers
{
    private readonly BackoffOptions _options;
    private readonly SupervisorStrategy _strategy;
    private IActorRef? _child;
    private int _restartCount;
    private bool _failed;
    private bool _finalStop;

    private BackoffSupervisor(BackoffOptions options)
    {
        _options = options;
        _strategy = options.OnStop ? options.Strategy : new OneForOneStrategy(DecideOnFailure);
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of a supervisor.</summary>
    public static Props Props(BackoffOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Kernel.Props.Create(() => new BackoffSupervisor(options));
    }

    /// <inheritdoc />
    protected override void PreStart() => Start();

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => _strategy;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartChild:
                Start();
                break;
            case ResetRestartCount reset:
                if (reset.Current == _restartCount)
                {
                    _restartCount = 0;
                }

                break;
            case Reset:
                _restartCount = 0;
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restartCount));
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child ?? ActorRefs.Nobody));
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                OnChildStopped();
                break;
            default:
                Relay(message);
                break;
        }
    }

    /// <summary>The delay before a start.</summary>
    /// <param name="restartCount">How often the child was started again before.</param>
    /// <param name="minBackoff">The first delay.</param>
    /// <param name="maxBackoff">The longest delay.</param>
    /// <param name="randomFactor">How much of the delay is added at random.</param>
    public static TimeSpan CalculateDelay(int restartCount, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor)
    {
        var random = 1.0 + (Random.Shared.NextDouble() * randomFactor);
        var ticks = Math.Min(maxBackoff.Ticks, minBackoff.Ticks * Math.Pow(2, restartCount)) * random;
        return TimeSpan.FromTicks((long)Math.Min(ticks, maxBackoff.Ticks));
    }

    private Directive DecideOnFailure(Exception cause)
    {
        var directive = _options.Strategy.Decide(cause);
        if (directive != Directive.Restart)
        {
            return directive;
        }

        // Stopped instead, and started anew later.
        _failed = true;
        return Directive.Stop;
    }

    private void Start()
    {
        if (_child is not null)
        {
            return;
        }

        _child = Context.ActorOf(_options.ChildProps, _options.ChildName);
        Context.Watch(_child);
        if (_options.AutoReset is { } time)
        {
            Timers.StartSingleTimer(nameof(ResetRestartCount), new ResetRestartCount(_restartCount), time);
        }
    }

    private void OnChildStopped()
    {
        _child = null;
        Timers.Cancel(nameof(ResetRestartCount));
        var startAgain = (_options.OnStop || _failed) && !_finalStop;
        _failed = false;
        if (!startAgain || (_options.MaxNrOfRetries >= 0 && _restartCount >= _options.MaxNrOfRetries))
        {
            Context.Stop(Self);
            return;
        }

        var delay = CalculateDelay(_restartCount, _options.MinBackoff, _options.MaxBackoff, _options.RandomFactor);
        _restartCount++;
        Timers.StartSingleTimer(nameof(StartChild), StartChild.Instance, delay);
    }

    private void Relay(object message)
    {
        if (_child is { } child && Sender.Equals(child))
        {
            Context.Parent.Forward(message);
            return;
        }

        _finalStop |= _options.FinalStopMessage?.Invoke(message) == true;
        if (_child is not null)
        {
            _child.Forward(message);
        }
        else if (_finalStop)
        {
            Context.Stop(Self);
        }
        else if (_options.ReplyWhileStopped is { } reply)
        {
            Sender.Tell(reply);
        }
        else
        {
            Context.System.DeadLetters.Forward(message);
        }
    }

    /// <summary>Asks a supervisor for its child; answered with <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        /// <summary>The only instance.</summary>
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    /// <summary>The child of a supervisor.</summary>
    public sealed class CurrentChild
    {
        /// <summary>Creates the answer.</summary>
        /// <param name="ref">The child, or <see cref="ActorRefs.Nobody"/> while it is stopped.</param>
        public CurrentChild(IActorRef @ref)
        {
            Ref = @ref;
        }

        /// <summary>The child, or <see cref="ActorRefs.Nobody"/> while it is stopped.</summary>
        public IActorRef Ref { get; }
    }

    /// <summary>Forgets past restarts.</summary>
    public sealed class Reset
    {
        /// <summary>The only instance.</summary>
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    /// <summary>Asks a supervisor how often it has started its child again; answered with <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        /// <summary>The only instance.</summary>
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    /// <summary>How often a supervisor has started its child again.</summary>
    public sealed class RestartCount
    {
        /// <summary>Creates the answer.</summary>
        /// <param name="count">The number.</param>
        public RestartCount(int count)
        {
            Count = count;
        }

        /// <summary>The number.</summary>
        public int Count { get; }
    }

    private sealed class StartChild
    {
        public static readonly StartChild Instance = new();
    }

    private sealed record ResetRestartCount(int Current);
}
