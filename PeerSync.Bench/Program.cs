using PeerSync.Bench.Kernel;
using PeerSync.Bench.Load;
using PeerSync.Bench.Servers;

const string Usage = """
    Usage: PeerSync.Bench [COMMAND] [ARGUMENTS]

      load           measure PeerSync and the comparison servers under load (default)
      kernel         [ROUNDS]: the actor kernel beside a bare Channel
      serve-echo     PORT: the bare Kestrel echo
      serve-signalr  PORT: the SignalR hub

    """;

var command = args is [var first, ..] && !first.StartsWith('-') ? first : "load";
var rest = args is [var name, ..] && name == command ? args[1..] : args;
switch (command)
{
    case "load" when !rest.Contains("--help"):
        return await LoadCommand.RunAsync(rest);
    case "kernel":
        return KernelBenchmarks.Run(rest);
    case "serve-echo":
        await EchoServer.RunAsync(rest);
        return 0;
    case "serve-signalr":
        await SignalRServer.RunAsync(rest);
        return 0;
    default:
        await Console.Error.WriteLineAsync(Usage + LoadOptions.Usage);
        return 2;
}
