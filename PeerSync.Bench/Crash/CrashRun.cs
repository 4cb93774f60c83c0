using System.Diagnostics;

namespace PeerSync.Bench.Crash;

/// <summary>A server under the load of many devices, for somebody to do it harm; at the end it tells whether a promise was broken.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private const int ProcessingFailed = 1011;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ReadinessStep = TimeSpan.FromMilliseconds(100);

    // Kills of a server that is still starting, and how long it then has had at most.
    private const int KillsPerEarlyOne = 8;
    private const double LatestEarlySeconds = 1;

    // The server stands still once in so many kills.
    private const int KillsPerStop = 50;

    private readonly CrashOptions _options;
    private readonly Random _random;
    private readonly CrashUser[] _users;
    private readonly CrashDevice[] _devices;
    private readonly CancellationTokenSource _ending = new();
    private readonly List<TimeSpan> _starts = [];
    private readonly List<TimeSpan> _recoveries = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private Task _living = Task.CompletedTask;
    private int _kills;

    private CrashRun(CrashOptions options, CrashServer server)
    {
        _options = options;
        Server = server;
        _random = new Random(options.Seed);
        _users = [.. Enumerable.Range(0, options.Users).Select(_ => new CrashUser(_random))];
        _devices = [.. _users.SelectMany(CreateDevices)];
    }

    public CrashServer Server { get; }

    public CrashTally Tally { get; } = new();

    /// <summary>Starts the server and the devices.</summary>
    public static async Task<CrashRun> StartAsync(CrashOptions options, CrashServer server, CancellationToken cancellationToken)
    {
        var run = new CrashRun(options, server);
        await server.StartAsync(cancellationToken);
        run._living = Task.WhenAll(run._devices.Select(device => Task.Run(() => device.RunAsync(server.Address, run._ending.Token))));
        await run.AwaitProgressAsync(cancellationToken);
        return run;
    }

    /// <summary>Waits until further events are acknowledged.</summary>
    public Task AwaitProgressAsync(CancellationToken cancellationToken, int events = 1) =>
        AwaitMoreThanAsync(Tally.Acknowledged + events - 1, cancellationToken);

    /// <summary>Waits until the server has closed sockets because it could not do what was asked of it.</summary>
    public Task AwaitCodedClosesAsync(CancellationToken cancellationToken)
    {
        var closes = Tally.Closes.GetValueOrDefault(ProcessingFailed);
        return UntilAsync(() => Tally.Closes.GetValueOrDefault(ProcessingFailed) > closes, "sockets were closed", cancellationToken);
    }

    /// <summary>Waits until the server says that it is ready, or that it is not.</summary>
    public async Task AwaitReadinessAsync(bool isReady, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        while (await Server.IsReadyAsync(cancellationToken) != isReady)
        {
            if (Stopwatch.GetElapsedTime(asked) > _options.Patience)
            {
                Tally.Fault($"The server did not say within {_options.Patience.TotalSeconds} s that it is {(isReady ? "ready" : "not ready")}.");
                return;
            }

            await Task.Delay(ReadinessStep, cancellationToken);
        }
    }

    /// <summary>Kills the server and starts it again, as often as the options say.</summary>
    public async Task KillRepeatedlyAsync(CancellationToken cancellationToken)
    {
        while (_kills < _options.Kills)
        {
            var (least, most) = _options.SecondsBetween;
            await Task.Delay(TimeSpan.FromSeconds(least + (_random.NextDouble() * (most - least))), cancellationToken);
            if (_options.StopSeconds > 0 && _kills % KillsPerStop == Math.Min(_options.Kills, KillsPerStop) / 2)
            {
                await StandStillAsync(TimeSpan.FromSeconds(_options.StopSeconds), cancellationToken);
            }

            await KillAsync(cancellationToken);
        }
    }

    /// <summary>Lets the server stand still for a while; completes when it works again.</summary>
    public async Task StandStillAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        Server.Stop();
        await Task.Delay(duration, cancellationToken);
        Server.Continue();
        await AwaitProgressAsync(cancellationToken);
    }

    /// <summary>Lets everything come to its end, after one more kill and login of everybody, and checks it.</summary>
    public async Task<CrashReport> FinishAsync(CancellationToken cancellationToken)
    {
        Array.ForEach(_devices, static device => device.StopSending());
        await UntilAsync(() => _devices.All(device => device.IsSettled), "every event was acknowledged", cancellationToken);
        await Server.KillAsync();
        await Server.StartAsync(cancellationToken);
        await UntilAsync(
            () => _devices.All(device => device.IsConnected && device.IsSettled && device.Missing == 0), "every device had every event", cancellationToken);
        await _ending.CancelAsync();
        await _living;
        var stored = 0L;
        foreach (var user in _users)
        {
            stored += await new CrashCheck(user, Tally).RunAsync(Server.Address, cancellationToken);
        }

        return new CrashReport(
            _options.PostgresUrl is null ? "SQLite" : "PostgreSQL", _options, Stopwatch.GetElapsedTime(_started), _starts, _recoveries, _kills, stored, Tally);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _living;
        await Server.DisposeAsync();
        _ending.Dispose();
    }

    private IEnumerable<CrashDevice> CreateDevices(CrashUser user)
    {
        for (var number = 0; number < _options.Devices; number++)
        {
            // A device that only listens never asks for what it has missed.
            var isSender = number < 2 || number < _options.Devices - 1;
            yield return new CrashDevice(user, NextDeviceId(), isSender, _options, Tally, new Random(_random.Next()));
        }
    }

    private Guid NextDeviceId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private async Task KillAsync(CancellationToken cancellationToken)
    {
        var acknowledged = Tally.Acknowledged;
        var killed = Stopwatch.GetTimestamp();
        await Server.KillAsync();
        _kills++;
        if (_kills < _options.Kills && _random.Next(KillsPerEarlyOne) == 0)
        {
            Server.Spawn();
            await Task.Delay(TimeSpan.FromSeconds(_random.NextDouble() * LatestEarlySeconds), cancellationToken);
            await Server.KillAsync();
            _kills++;
        }

        var spawned = Stopwatch.GetTimestamp();
        await Server.StartAsync(cancellationToken);
        _starts.Add(Stopwatch.GetElapsedTime(spawned));
        await AwaitMoreThanAsync(acknowledged, cancellationToken);
        _recoveries.Add(Stopwatch.GetElapsedTime(killed));
    }

    private Task AwaitMoreThanAsync(long acknowledged, CancellationToken cancellationToken) =>
        UntilAsync(() => Tally.Acknowledged > acknowledged, "further events were acknowledged", cancellationToken);

    private async Task UntilAsync(Func<bool> isReached, string what, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isReached())
        {
            if (Stopwatch.GetElapsedTime(began) > _options.Patience)
            {
                Tally.Fault(
                    $"{_options.Patience.TotalSeconds} s were not enough until {what}: {string.Join("; ", _devices.Where(device => !device.IsSettled || device.Missing > 0))}"
                    + $". The server said: {Server.Output}");
                return;
            }

            await Task.Delay(Step, cancellationToken);
        }
    }
}
