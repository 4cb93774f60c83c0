using System.Globalization;
using System.Text;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Rooms;

/// <summary>A server with rooms. A credential is a user's name and that of the room which it enters when it connects.</summary>
internal abstract class RoomTarget : ISocketTarget
{
    private const char Border = ' ';

    public abstract string Name { get; }

    public abstract string Title { get; }

    public static string RoomName(int number) => string.Create(CultureInfo.InvariantCulture, $"bench-room-{number:D6}");

    public static string CreateCredential(int user, string room) => BenchToken.UserId(user) + Border + room;

    /// <summary>The parts of a credential.</summary>
    public static (string User, string Room) Split(string credential)
    {
        var parts = credential.Split(Border);
        return (parts[0], parts[1]);
    }

    public abstract Task<string?> PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<ServerProcess> StartAsync(CancellationToken cancellationToken);

    /// <summary>A user alone in a room of its own.</summary>
    public string CreateCredential(int user) => CreateCredential(user, RoomName(user));

    /// <summary>Connects, up to the point where a room can be entered. Runs on the loop's thread.</summary>
    public abstract Task<LoadConnection> ConnectAsync(EventLoop loop, ServerProcess server);

    /// <summary>The message that enters a room, and leaves the one that its sender is in.</summary>
    public abstract string Enter(string user, string room);

    /// <summary>Whether a message says that the room is entered.</summary>
    public abstract bool IsEntered(ReadOnlySpan<byte> message);

    public async Task<LoadConnection> OpenAsync(EventLoop loop, ServerProcess server, string credential)
    {
        var (user, room) = Split(credential);
        var connection = await ConnectAsync(loop, server);
        try
        {
            connection.PeerId = user;
            connection.IsExpectedAside = text => IsNews(text);
            await EnterAsync(connection, room);
            return connection;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    /// <summary>Both leave the rooms that they are in, and meet in another one.</summary>
    public async Task<(Lane Forth, Lane Back)> PairAsync(LoadConnection first, LoadConnection second, string content)
    {
        var room = "pair-" + first.PeerId;
        await EnterAsync(first, room);
        await EnterAsync(second, room);
        return (
            await SentMessage.ProveLaneAsync(first, second, Signal(first.PeerId, second.PeerId, room, content), content, mayBatch: false),
            await SentMessage.ProveLaneAsync(second, first, Signal(second.PeerId, first.PeerId, room, content), content, mayBatch: false));
    }

    /// <summary>
    /// Proves that a member's chat comes back to it, as it does to everybody in the room; the lane goes from the member to itself. Runs on the
    /// loop's thread.
    /// </summary>
    public async Task<Lane> ChatAsync(LoadConnection member, string room, int largestBurst)
    {
        member.Mode = ReceiveMode.Converse;
        var lane = await SentMessage.ProveLaneAsync(
            member, member, Chat(member.PeerId, room, RoomContent.Chat), RoomContent.Chat, mayBatch: false, largestBurst);
        member.Mode = ReceiveMode.Lane;
        return lane;
    }

    /// <summary>The message that is a signal to one member.</summary>
    protected abstract string Signal(string from, string to, string room, string content);

    /// <summary>The message that is a chat to a room.</summary>
    protected abstract string Chat(string from, string room, string content);

    /// <summary>Whether a message says that somebody came or went.</summary>
    protected abstract bool IsNews(ReadOnlySpan<byte> message);

    private async Task EnterAsync(LoadConnection connection, string room)
    {
        connection.Send(ClientFrame.Text(Enter(connection.PeerId, room)));
        while (true)
        {
            var text = await connection.ReceiveTextAsync();
            if (IsEntered(text))
            {
                return;
            }

            if (!IsNews(text))
            {
                throw new InvalidDataException($"Instead of the room came: {Encoding.UTF8.GetString(text)}");
            }
        }
    }
}
