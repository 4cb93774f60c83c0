using System.Text;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Targets;

/// <summary>Opens connections as a client of Socket.IO does that uses nothing but WebSockets: Engine.IO 4, whose keep-alives are answered.</summary>
internal static class SocketIoConnection
{
    private const string Path = "/socket.io/?EIO=4&transport=websocket";

    /// <summary>Connects, upgrades and enters a namespace. Runs on the loop's thread.</summary>
    /// <param name="loop">The connection's loop.</param>
    /// <param name="server">The server.</param>
    /// <param name="prefix">The namespace with a comma behind it; empty for the main one.</param>
    /// <param name="auth">The JSON that it is entered with; empty for none.</param>
    public static async Task<LoadConnection> OpenAsync(EventLoop loop, ServerProcess server, string prefix, string auth)
    {
        var connection = await LoadConnection.OpenAsync(loop, server.NextSource(), server.Port, Path);
        try
        {
            connection.KeepAlive = ("2"u8.ToArray(), "3"u8.ToArray());
            await ExpectAsync(connection, "0{");
            connection.Send(ClientFrame.Text("40" + prefix + auth));
            await ExpectAsync(connection, "40" + prefix + "{");
            return connection;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    /// <summary>Receives a message that must begin like this.</summary>
    public static async Task ExpectAsync(LoadConnection connection, string start)
    {
        var text = await connection.ReceiveTextAsync();
        if (!text.AsSpan().StartsWith(Encoding.UTF8.GetBytes(start)))
        {
            throw new InvalidDataException($"Instead of {start} came: {Encoding.UTF8.GetString(text)}");
        }
    }
}
