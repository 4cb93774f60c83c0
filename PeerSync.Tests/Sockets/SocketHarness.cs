using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeerSync.Host.Metrics;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sockets;

/// <summary>The socket layer alone, on connections without a network, with a clock that the test moves.</summary>
internal sealed class SocketHarness : IAsyncDisposable
{
    private const string Path = "/echo";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RecordingLoggerProvider _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly AddressLimits _limits = new(enabled: false, 1, TimeSpan.FromSeconds(1), 1);
    private readonly ActorSystem _system;

    internal SocketHarness(SocketOptions? options = null, DialectLimits? limits = null)
    {
        Dialect = new EchoDialect { Limits = limits };
        _loggers = LoggerFactory.Create(builder => builder.AddProvider(_log));
        _system = ActorSystem.Create("sockets", new ActorSystemSettings { TimeProvider = Time });
        Metrics = new PeerSyncMetrics(_services.GetRequiredService<IMeterFactory>(), new TelemetryOptions { MeterName = $"PeerSync.Tests.{Guid.NewGuid():N}" });
        Server = new SocketServer(
            options ?? new SocketOptions { MessagesPerSecond = 0 }, [], [Dialect], _limits, Metrics, _system, Time, _loggers.CreateLogger<SocketServer>());
    }

    internal ManualTimeProvider Time { get; } = new();

    internal EchoDialect Dialect { get; }

    internal PeerSyncMetrics Metrics { get; }

    internal SocketServer Server { get; }

    internal FeatureMetrics Echo => Metrics.Feature("echo");

    internal IReadOnlyList<string> Errors => _log.Errors;

    /// <summary>Opens a connection, as if its upgrade had just been answered.</summary>
    internal RawSocket Connect() => Connect(out _);

    /// <summary>Opens a connection; <paramref name="ended"/> completes at its end.</summary>
    internal RawSocket Connect(out Task ended)
    {
        var transport = new PipeTransport();
        Assert.Equal(UpgradeDecision.Admitted, Server.Admit(Path, null, "address"));
        ended = Server.RunAsync(transport, new WebSocketUpgrade(Path, string.Empty, RawSocket.Key), "address").WaitAsync(Patience);
        return transport.Client;
    }

    /// <summary>Opens a connection and logs it in.</summary>
    internal async Task<RawSocket> ConnectLoggedInAsync()
    {
        var client = Connect();
        await client.SendAsync(EchoActor.LogIn);
        await client.ExpectTextAsync(EchoActor.LogIn);
        return client;
    }

    /// <summary>Moves the clock second by second.</summary>
    internal void Advance(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Waits until all connections have left the table.</summary>
    internal Task WhenEmptyAsync() => Server.Connections.WhenEmptyAsync().WaitAsync(Patience);

    /// <summary>Waits for something that no event announces.</summary>
    internal static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Waited {Patience.TotalSeconds} s for a condition.");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in Server.Connections.Snapshot())
        {
            connection.Abort();
        }

        await WhenEmptyAsync();
        Server.Dispose();
        await _system.Terminate();
        _limits.Dispose();
        _loggers.Dispose();
        await _services.DisposeAsync();
    }
}
