using System.Diagnostics;
using System.Globalization;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Resp;

/// <summary>redis-server, which keeps nothing. An event is published by PUBLISH on a connection of its own.</summary>
internal sealed class RedisTarget(int maxConnections) : RespTarget
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    // As long as the event of the other target.
    private const string Event = "{\"event\":\"keys:changed\",\"payload\":{\"userId\":\"cabcdefghijklmnopqrstuvwx\"}}";

    private string _version = "";

    public override string Name => "redis";

    public override string Title => _version.Length == 0 ? "redis-server" : $"redis-server {_version}";

    public override string? Password => null;

    public override async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            var start = new ProcessStartInfo("redis-server", "--version") { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            _version = text.Split(' ').FirstOrDefault(static word => word.StartsWith("v=", StringComparison.Ordinal))?[2..] ?? "";
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "redis-server is not installed";
        }
    }

    public override async Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        RespPort = ServerProcess.FreePort();
        var start = new ProcessStartInfo("redis-server");
        string[] arguments =
        [
            "--port", RespPort.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",

            // Subscribers come from many addresses of 127/8, of which it would take one alone.
            "--protected-mode", "no",
            "--maxclients", maxConnections.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var server = ServerProcess.Spawn(start, RespPort, dataFolder: null);
        try
        {
            await WaitAsync(server, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public override async Task<IRespPublisher> OpenPublisherAsync(ServerProcess server, CancellationToken cancellationToken) =>
        new Publisher(await RespSocket.ConnectAsync(RespPort, null, cancellationToken));

    private async Task WaitAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var socket = await RespSocket.ConnectAsync(RespPort, null, cancellationToken);
                await socket.AskAsync(cancellationToken, "PING");
                return;
            }
            catch (System.Net.Sockets.SocketException) when (!server.HasExited && Stopwatch.GetElapsedTime(started) < StartLimit)
            {
                // Not listening yet.
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    private sealed class Publisher(RespSocket socket) : IRespPublisher
    {
        public Task PublishAsync(CancellationToken cancellationToken) => socket.AskAsync(cancellationToken, "PUBLISH", Channel, Event);

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
