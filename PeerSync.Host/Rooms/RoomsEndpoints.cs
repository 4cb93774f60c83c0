using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using PeerSync.Actors.Rooms;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Kernel;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Host.Rooms;

/// <summary>Rooms over HTTP: the routes of both of the product's servers in one (Rooms contract, section 11).</summary>
internal sealed class RoomsEndpoints(
    RoomsRegions regions, RoomsAccess access, RoomsRepeats repeats, PeerSyncOptions options, IClientAddresses addresses, TimeProvider time)
{
    private const int MaxListed = 1000;
    private const string Base36Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    /// <summary>How long a room may take to answer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);


    /// <summary>GET /api/rooms.</summary>
    public async Task ListAsync(HttpContext context)
    {
        var list = await regions.Index.Ask<RoomList>(new ListRooms(MaxListed), Patience, context.RequestAborted);
        var rooms = new List<RoomMetadata>(list.RoomIds.Count);
        foreach (var answer in await Task.WhenAll(list.RoomIds.Select(id => DescribeAsync(id, context.RequestAborted))))
        {
            if (answer is not null)
            {
                rooms.Add(answer);
            }
        }

        var isArray = options.Rooms.ListForm == RoomListForm.Array
            || (options.Rooms.ListForm == RoomListForm.Auto && context.Request.Headers.Origin.Count > 0);
        if (isArray)
        {
            await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, writer => WriteList(writer, rooms));
            return;
        }

        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteNumber("count"u8, list.Total);
            writer.WritePropertyName("rooms"u8);
            WriteList(writer, rooms);
        });
    }

    /// <summary>POST /api/rooms/create: forms B and E. The server names the room.</summary>
    public async Task CreateNamedAsync(HttpContext context)
    {
        var input = await RoomsInput.ReadAsync(context);
        if (input.Label("roomName") is not { } roomName)
        {
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, time, "Missing roomName");
            return;
        }

        var hostId = input.Name("hostId") ?? "unknown";
        var roomId = repeats.GetOrAdd(hostId, roomName, () => NameOf(roomName));
        if (!await MayChangeAsync(context, roomId, hostId))
        {
            return;
        }

        var description = new RoomDescription(roomName, input.Label("fileId"), input.Text("content"), input.Number("version"), input.Label("hostName"));
        var (room, error) = await AskAsync(new CreateRoom(roomId, hostId, description), context.RequestAborted);
        if (error is not null)
        {
            // A repetition of a request whose answer was lost: the same room (Rooms contract, section 6).
            room = error == RoomsError.CreateFailed ? await DescribeAsync(roomId, context.RequestAborted) : null;
        }

        if (room is null)
        {
            await WriteUnavailableAsync(context, error!);
            return;
        }

        await RoomsAnswer.WriteAsync(context, StatusCodes.Status201Created, time, writer => RoomsAnswer.WriteMetadata(writer, room));
    }

    /// <summary>POST /api/rooms: form D. The client names the room.</summary>
    public async Task CreateAsync(HttpContext context)
    {
        var input = await RoomsInput.ReadAsync(context);
        if (input.Name("room_id", "roomId") is not { } roomId)
        {
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, time, "Missing room_id");
            return;
        }

        var hostId = input.Name("host_id", "hostId");
        if (!await MayChangeAsync(context, roomId, hostId))
        {
            return;
        }

        var description = new RoomDescription(
            input.Label("room_name", "name", "roomName"),
            input.Label("file_id", "fileId"),
            input.Text("content"),
            input.Number("version"),
            input.Label("host", "hostName", "host_name"));
        var (room, error) = await AskAsync(new CreateRoom(roomId, hostId, description), context.RequestAborted);
        if (error == RoomsError.CreateFailed)
        {
            await RoomsAnswer.WriteErrorAsync(
                context, StatusCodes.Status409Conflict, time, "Room already exists", writer => writer.WriteString("roomId"u8, roomId));
            return;
        }

        if (room is null)
        {
            await WriteUnavailableAsync(context, error!);
            return;
        }

        await RoomsAnswer.WriteAsync(context, StatusCodes.Status201Created, time, writer =>
        {
            writer.WriteString("message"u8, "Room created"u8);
            writer.WriteStartObject("data"u8);
            RoomsAnswer.WriteMetadata(writer, room);
            WriteWorkbenchBeside(writer, room);
            writer.WriteEndObject();
        });
    }

    /// <summary>GET /api/rooms/{id}: everything that a client of either server looks for.</summary>
    public async Task ShowAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } room)
        {
            return;
        }

        var withContent = access.IsProven(context, room.RoomId, userId: null);
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteStartObject("metadata"u8);
            RoomsAnswer.WriteMetadata(writer, room, withContent);
            writer.WriteEndObject();
            writer.WriteStartObject("stats"u8);
            WriteStats(writer, room);
            writer.WriteEndObject();
            writer.WriteStartObject("data"u8);
            RoomsAnswer.WriteWorkbench(writer, room, withContent);
            writer.WriteEndObject();
            RoomsAnswer.WriteWorkbench(writer, room, withContent);
            if (room.FileId is not null)
            {
                writer.WriteString("fileId"u8, room.FileId);
            }

            writer.WriteNumber("createdAt"u8, room.CreatedAt);
            writer.WriteNumber("peerCount"u8, room.Peers.Count);
            writer.WritePropertyName("peers"u8);
            RoomsAnswer.WritePeers(writer, room);
        });
    }

    /// <summary>GET /api/rooms/{id}/stats.</summary>
    public async Task ShowStatsAsync(HttpContext context)
    {
        if (await FindAsync(context) is { } room)
        {
            await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer => WriteStats(writer, room));
        }
    }

    /// <summary>GET /api/rooms/{id}/peers.</summary>
    public async Task ListPeersAsync(HttpContext context)
    {
        if (await FindAsync(context) is { } room)
        {
            await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
            {
                writer.WriteString("roomId"u8, room.RoomId);
                writer.WriteNumber("peerCount"u8, room.Peers.Count);
                writer.WritePropertyName("peers"u8);
                RoomsAnswer.WritePeers(writer, room);
            });
        }
    }

    /// <summary>POST /api/rooms/{id}/join.</summary>
    public async Task JoinAsync(HttpContext context)
    {
        var roomId = RoomIdOf(context);
        var input = await RoomsInput.ReadAsync(context);
        if (input.Name("user_id", "userId") is not { } userId)
        {
            await WriteMissingUserAsync(context);
            return;
        }

        if (!await MayChangeAsync(context, roomId, userId))
        {
            return;
        }

        var (room, error) = await AskAsync(new AddMember(roomId, userId, input.Label("user_name", "userName") ?? userId), context.RequestAborted);
        if (error == RoomsError.JoinFailed)
        {
            await RoomsAnswer.WriteErrorAsync(
                context, StatusCodes.Status404NotFound, time, RoomsError.JoinFailed.Text, writer => writer.WriteString("roomId"u8, roomId));
            return;
        }

        if (room is null)
        {
            await WriteUnavailableAsync(context, error!);
            return;
        }

        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteString("message"u8, "User joined room"u8);
            writer.WriteString("userId"u8, userId);
            RoomsAnswer.WriteMetadataObject(writer, "room"u8, room);
            RoomsAnswer.WriteMetadata(writer, room);
        });
    }

    /// <summary>POST /api/rooms/{id}/leave: always 200 for whoever names a user, as the clients repeat what fails.</summary>
    public async Task LeaveAsync(HttpContext context)
    {
        var roomId = RoomIdOf(context);
        var input = await RoomsInput.ReadAsync(context);
        if (input.Name("user_id", "userId") is not { } userId)
        {
            await WriteMissingUserAsync(context);
            return;
        }

        if (!await MayChangeAsync(context, roomId, userId))
        {
            return;
        }

        await regions.Rooms.Ask<RoomDone>(
            new RemoveMember(roomId, userId, addresses.Hash(context), access.IsProven(context, roomId, userId)), Patience, context.RequestAborted);
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteString("message"u8, "User left room"u8);
            writer.WriteString("roomId"u8, roomId);
            writer.WriteString("userId"u8, userId);
        });
    }

    /// <summary>POST /api/rooms/{id}/operations: form D's way to send an edit.</summary>
    public async Task PostOperationAsync(HttpContext context)
    {
        var roomId = RoomIdOf(context);
        var input = await RoomsInput.ReadAsync(context);
        if (input.Name("user_id", "userId") is not { } userId || input.Label("operation_id", "operationId") is not { } operationId)
        {
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, time, "Missing user_id or operation_id");
            return;
        }

        if (!await MayChangeAsync(context, roomId, userId))
        {
            return;
        }

        await regions.Rooms.Ask<RoomDone>(
            new PostOperation(roomId, userId, operationId, input.Text("data") ?? string.Empty), Patience, context.RequestAborted);
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteString("message"u8, "Operation saved"u8);
            writer.WriteString("operationId"u8, operationId);
            writer.WriteString("roomId"u8, roomId);
        });
    }

    /// <summary>GET /api/rooms/{id}/operations: the latest ones, for whoever may see what members write.</summary>
    public async Task ListOperationsAsync(HttpContext context)
    {
        var roomId = RoomIdOf(context);
        var operations = access.IsProven(context, roomId, userId: null)
            ? (await regions.Rooms.Ask<RoomOperations>(new ListOperations(roomId), Patience, context.RequestAborted)).Operations
            : [];
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartArray();
            foreach (var operation in operations)
            {
                writer.WriteStartObject();
                writer.WriteString("operation_id"u8, operation.OperationId);
                writer.WriteString("user_id"u8, operation.UserId);
                writer.WriteString("user_name"u8, operation.UserName);
                writer.WriteString("data"u8, operation.Data);
                writer.WriteNumber("version"u8, operation.Version);
                writer.WriteNumber("timestamp"u8, operation.Timestamp);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>DELETE /api/rooms/{id}: the host's, with its token, and the operator's.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        var roomId = RoomIdOf(context);
        var member = access.Member(context);
        var isAdmin = access.IsAdmin(context, emptyIsOpen: false);
        if (!isAdmin && member?.RoomId != roomId)
        {
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status401Unauthorized, time, RoomsError.NotAuthorizedForRoom.Text);
            return;
        }

        var done = await regions.Rooms.Ask<RoomDone>(new CloseRoom(roomId, isAdmin ? null : member!.UserId), Patience, context.RequestAborted);
        if (!done.HadEffect)
        {
            await WriteNotFoundAsync(context, roomId);
            return;
        }

        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, static writer => writer.WriteBoolean("success"u8, true));
    }

    private static string RoomIdOf(HttpContext context)
    {
        var roomId = context.GetRouteValue("id") as string ?? string.Empty;

        // The server decodes everything but slashes, and what is left cannot be told from an encoded percent sign: only the path as sent can.
        return roomId.Contains('%', StringComparison.Ordinal)
            && context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0].Split('/') is ["", _, _, var sent, ..]
            ? Uri.UnescapeDataString(sent)
            : roomId;
    }

    // As the original names rooms, but reachable whatever the name holds, and not to be guessed.
    private string NameOf(string roomName)
    {
        var name = new StringBuilder(roomName.Length);
        var wasSpace = false;
        foreach (var character in roomName.AsSpan(0, Math.Min(roomName.Length, 64)))
        {
            var isPlain = char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-';
            if (isPlain || !wasSpace || !char.IsWhiteSpace(character))
            {
                name.Append(isPlain ? character : '-');
            }

            wasSpace = char.IsWhiteSpace(character);
        }

        return $"{name}-{Base36(time.GetUtcNow().ToUnixTimeMilliseconds())}-{RandomNumberGenerator.GetString(Base36Digits, 6)}";
    }

    private static string Base36(long number)
    {
        Span<char> digits = stackalloc char[13];
        var at = digits.Length;
        do
        {
            digits[--at] = Base36Digits[(int)(number % 36)];
            number /= 36;
        }
        while (number > 0);

        return new string(digits[at..]);
    }

    private static void WriteList(Utf8JsonWriter writer, List<RoomMetadata> rooms)
    {
        writer.WriteStartArray();
        foreach (var room in rooms)
        {
            RoomsAnswer.WriteListed(writer, room);
        }

        writer.WriteEndArray();
    }

    private static void WriteStats(Utf8JsonWriter writer, RoomMetadata room)
    {
        writer.WriteString("roomId"u8, room.RoomId);
        writer.WriteNumber("peerCount"u8, room.Peers.Count);
        writer.WriteNumber("operationCount"u8, 0);
        writer.WriteStartObject("bandwidth"u8);
        writer.WriteNumber("sent"u8, 0);
        writer.WriteNumber("received"u8, 0);
        writer.WriteString("note"u8, "Bandwidth tracked peer-to-peer via WebRTC"u8);
        writer.WriteEndObject();
        writer.WriteNumber("createdAt"u8, room.CreatedAt);
        writer.WriteNumber("lastActivity"u8, room.LastActivity);
    }

    // Beside the metadata, whose version and times are there already in the other spelling.
    private static void WriteWorkbenchBeside(Utf8JsonWriter writer, RoomMetadata room)
    {
        writer.WriteString("id"u8, room.RoomId);
        writer.WriteString("room_id"u8, room.RoomId);
        writer.WriteString("name"u8, room.RoomName);
        writer.WriteString("file_id"u8, room.FileId ?? string.Empty);
        writer.WriteString("host"u8, room.HostName);
        writer.WriteString("created_at"u8, RoomsAnswer.Iso(room.CreatedAt));
        writer.WriteString("updated_at"u8, RoomsAnswer.Iso(room.LastActivity));
        writer.WriteString("content"u8, room.Content ?? string.Empty);
        if (room.Version is null)
        {
            writer.WriteNumber("version"u8, 0);
        }
    }

    private async Task<RoomMetadata?> DescribeAsync(string roomId, CancellationToken cancellationToken) =>
        (await regions.Rooms.Ask<RoomDescribed>(new DescribeRoom(roomId), Patience, cancellationToken)).Room;

    private async Task<(RoomMetadata? Room, RoomsError? Error)> AskAsync(IRoomMessage request, CancellationToken cancellationToken) =>
        await regions.Rooms.Ask<object>(request, Patience, cancellationToken) switch
        {
            RoomDescribed described => (described.Room, null),
            RoomRefused refused => (null, refused.Error),
            _ => (null, RoomsError.Internal),
        };

    private async Task<RoomMetadata?> FindAsync(HttpContext context)
    {
        var roomId = RoomIdOf(context);
        var room = await DescribeAsync(roomId, context.RequestAborted);
        if (room is null)
        {
            await WriteNotFoundAsync(context, roomId);
        }

        return room;
    }

    private async ValueTask<bool> MayChangeAsync(HttpContext context, string roomId, string? userId)
    {
        if (RoomsText.IsName(roomId) && access.MayChange(context, roomId, userId))
        {
            return true;
        }

        await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status401Unauthorized, time, RoomsError.NotAuthorizedForRoom.Text);
        return false;
    }

    private Task WriteNotFoundAsync(HttpContext context, string roomId) => RoomsAnswer.WriteErrorAsync(
        context, StatusCodes.Status404NotFound, time, "Room not found", writer => writer.WriteString("roomId"u8, roomId));

    private Task WriteMissingUserAsync(HttpContext context) =>
        RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, time, "Missing user_id");

    private Task WriteUnavailableAsync(HttpContext context, RoomsError error) => RoomsAnswer.WriteErrorAsync(
        context, StatusCodes.Status503ServiceUnavailable, time, error.Text, writer => writer.WriteString("code"u8, error.Code));
}
