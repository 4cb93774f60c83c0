using PeerSync.Bench.Calls;
using PeerSync.Bench.Crash;
using PeerSync.Bench.Journal;
using PeerSync.Bench.Kernel;
using PeerSync.Bench.Load;
using PeerSync.Bench.Resp;
using PeerSync.Bench.Rooms;
using PeerSync.Bench.Servers;
using PeerSync.Bench.Sharing;
using PeerSync.Bench.SocketIO;
using PeerSync.Bench.Sync;

const string Usage = """
    Usage: PeerSync.Bench [COMMAND] [ARGUMENTS]

      load           measure PeerSync and the comparison servers under load (default)
      kernel         [ROUNDS]: the actor kernel beside a bare Channel
      sync           measure the Sync feature: durable events, replay, logins, memory, recovery
      rooms          measure the Rooms feature beside Socket.IO: signals, chat, joins, memory, abuse
      calls          measure the Calls feature beside Socket.IO: signals, connects, memory
      resp           measure Sharing's RESP listener beside redis-server: memory of idle subscribers, fan-out of an event
      sharing        measure authenticated requests to the Sharing feature beside Hono, on both databases
      match          measure the decisions of a match pool of the Calls feature
      journal        write and replay events in the journal
      crash          kill the server again and again under load and check that nothing acknowledged is lost
      serve-echo     PORT: the bare Kestrel echo
      serve-signalr  PORT: the SignalR hub
      socketio-echo  serve Engine.IO and Socket.IO echoes for conformance checks

    """;

var command = args is [var first, ..] && !first.StartsWith('-') ? first : "load";
var rest = args is [var name, ..] && name == command ? args[1..] : args;
switch (command)
{
    case "load" when !rest.Contains("--help"):
        return await LoadCommand.RunAsync(rest);
    case "kernel":
        return KernelBenchmarks.Run(rest);
    case "journal":
        return await JournalCommand.RunAsync(rest);
    case "crash" when !rest.Contains("--help"):
        return await CrashCommand.RunAsync(rest);
    case "sync" when !rest.Contains("--help"):
        return await SyncCommand.RunAsync(rest);
    case "rooms" when !rest.Contains("--help"):
        return await RoomsCommand.RunAsync(rest);
    case "calls" when !rest.Contains("--help"):
        return await CallsCommand.RunAsync(rest);
    case "sharing" when !rest.Contains("--help"):
        return await SharingCommand.RunAsync(rest);
    case "match" when !rest.Contains("--help"):
        return await MatchCommand.RunAsync(rest);
    case "resp" when !rest.Contains("--help"):
        return await RespCommand.RunAsync(rest);
    case "serve-echo":
        await EchoServer.RunAsync(rest);
        return 0;
    case "serve-signalr":
        await SignalRServer.RunAsync(rest);
        return 0;
    case "socketio-echo" when !rest.Contains("--help"):
        return await SocketIOEchoCommand.RunAsync(rest);
    default:
        await Console.Error.WriteLineAsync(
            string.Join(
                '\n',
                Usage + LoadOptions.Usage,
                SyncOptions.Usage,
                RoomsOptions.Usage,
                CallsOptions.Usage,
                SharingOptions.Usage,
                MatchOptions.Usage,
                RespOptions.Usage,
                JournalOptions.Usage,
                CrashOptions.Usage,
                SocketIOEchoCommand.Usage));
        return 2;
}
