using System.Globalization;

namespace PeerSync.Bench.SocketIO;

/// <summary>Serves the echoes until the process is ended.</summary>
internal static class SocketIOEchoCommand
{
    public const string Usage = """
        socketio-echo --port N [--ping-interval 25000] [--ping-timeout 20000]: Engine.IO at /engine.io/, Socket.IO at /socket.io/; times in milliseconds
        """;

    /// <returns>The exit code: 2 where an argument is wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var options = new SocketIOEchoOptions { Port = -1 };
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count
                || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                || Set(options, args[i], value) is not { } changed)
            {
                await Console.Error.WriteLineAsync($"{args[i]} is unknown, or has no whole number.\n{Usage}");
                return 2;
            }

            options = changed;
        }

        if (options.Port < 0)
        {
            await Console.Error.WriteLineAsync($"--port is missing.\n{Usage}");
            return 2;
        }

        await using var server = await SocketIOEchoServer.StartAsync(options, CancellationToken.None);
        await Console.Out.WriteLineAsync($"Listening on {server.Address}");
        await server.WaitForShutdownAsync();
        return 0;
    }

    private static SocketIOEchoOptions? Set(SocketIOEchoOptions options, string name, int value) => name switch
    {
        "--port" when value <= ushort.MaxValue => options with { Port = value },
        "--ping-interval" when value > 0 => options with { Engine = options.Engine with { PingInterval = TimeSpan.FromMilliseconds(value) } },
        "--ping-timeout" when value > 0 => options with { Engine = options.Engine with { PingTimeout = TimeSpan.FromMilliseconds(value) } },
        _ => null,
    };
}
