namespace PeerSync.Host.Health;

/// <summary>Says whether this node should be given new clients.</summary>
/// <remarks>Thread-safe. However many ask, the checks run at most once per cache time, and never twice at once.</remarks>
internal sealed partial class ReadinessProbe
{
    private const string Ok = "ok";
    private const string Failed = "failed";
    private const string Sockets = "websocket";

    private readonly Lock _gate = new();
    private readonly IReadinessCheck[] _checks;
    private readonly Task<ReadinessResult>?[] _running;
    private readonly bool[] _wasReady;
    private readonly HealthOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private Task<ReadinessReport>? _round;
    private long _roundEnded;
    private volatile bool _draining;

    public ReadinessProbe(IEnumerable<IReadinessCheck> checks, HealthOptions options, TimeProvider timeProvider, ILogger<ReadinessProbe> logger)
    {
        _checks = [.. checks];
        _running = new Task<ReadinessResult>?[_checks.Length];
        _wasReady = new bool[_checks.Length];
        Array.Fill(_wasReady, true);
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>Whether the node is leaving: it finishes what it has and wants nothing new, so it is not ready whatever the checks say.</summary>
    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    /// <summary>The outcome of the newest round of checks, which is made if there is none or it is too old.</summary>
    public async ValueTask<ReadinessReport> CheckAsync(CancellationToken cancellationToken)
    {
        var report = await CurrentRound().WaitAsync(cancellationToken);
        if (!Draining)
        {
            return report;
        }

        var checks = new OrderedDictionary<string, string>(report.Checks) { [Sockets] = Failed };
        return new ReadinessReport(false, checks);
    }

    private Task<ReadinessReport> CurrentRound()
    {
        lock (_gate)
        {
            var isFresh = _round is not null
                && (!_round.IsCompleted || _timeProvider.GetElapsedTime(_roundEnded) < _options.CacheTime);
            if (!isFresh)
            {
                // Off the caller's stack, so that a check which blocks before its first await does not hold the lock.
                _round = Task.Run(RunRoundAsync, CancellationToken.None);
            }

            return _round!;
        }
    }

    private async Task<ReadinessReport> RunRoundAsync()
    {
        using var deadline = new CancellationTokenSource(_options.Deadline, _timeProvider);
        var waits = new Task<ReadinessResult>[_checks.Length];
        for (var i = 0; i < _checks.Length; i++)
        {
            waits[i] = RunCheckAsync(i, deadline.Token);
        }

        var results = await Task.WhenAll(waits);
        var checks = new OrderedDictionary<string, string> { [Sockets] = Ok };
        var isReady = true;
        for (var i = 0; i < _checks.Length; i++)
        {
            isReady &= results[i].IsReady;
            checks[_checks[i].Name] = results[i].IsReady ? Ok : Failed;
            Report(i, results[i]);
        }

        _roundEnded = _timeProvider.GetTimestamp();
        return new ReadinessReport(isReady, checks);
    }

    private async Task<ReadinessResult> RunCheckAsync(int index, CancellationToken deadline)
    {
        // A check that ignored an earlier deadline is asked again only once it has ended; otherwise calls would pile up behind whatever hangs.
        if (_running[index] is not { IsCompleted: false } running)
        {
            var check = _checks[index];
            running = Task.Run(async () => await check.CheckAsync(deadline), CancellationToken.None);
            _running[index] = running;
        }

        try
        {
            return await running.WaitAsync(deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return ReadinessResult.NotReady("no answer within the deadline");
        }
        catch (Exception exception)
        {
            Log.CheckFaulted(_logger, _checks[index].Name, exception);
            return ReadinessResult.NotReady("the check failed");
        }
    }

    private void Report(int index, ReadinessResult result)
    {
        if (result.IsReady == _wasReady[index])
        {
            return;
        }

        _wasReady[index] = result.IsReady;
        if (result.IsReady)
        {
            Log.Recovered(_logger, _checks[index].Name);
        }
        else
        {
            Log.NotReady(_logger, _checks[index].Name, result.Reason ?? "no reason given");
        }
    }
}
