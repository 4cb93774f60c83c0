using System.Text.Json;
using System.Text.Json.Nodes;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Tests.Rooms;

/// <summary>
/// What the contract asks of every answer beside what one of the recorded servers said: exactly these members, with these values, so that nothing else can hide
/// behind them.
/// </summary>
internal static class RecordedRoom
{
    private static readonly string[] Metadata =
        ["roomId", "roomName", "hostId", "hostName", "fileId", "version", "peerCount", "state", "createdAt", "lastActivity", "peers"];

    /// <summary>Section 9: an error carries its text twice, and a code, whatever the recorded server's form of it.</summary>
    public static JsonObject Error(string text)
    {
        var error = Errors.Single(error => error.Text == text);
        return new JsonObject
        {
            ["type"] = "error",
            ["roomId"] = "",
            ["userId"] = "",
            ["data"] = new JsonObject { ["error"] = text, ["message"] = text, ["code"] = error.Code },
            ["timestamp"] = "<ts>",
        };
    }

    /// <summary>Every error that the feature has.</summary>
    public static IReadOnlyList<RoomsError> Errors { get; } =
        [.. typeof(RoomsError).GetProperties().Where(static p => p.PropertyType == typeof(RoomsError)).Select(static p => (RoomsError)p.GetValue(null)!)];

    /// <summary>Section 5: what frames say of a peer; the trial server said more.</summary>
    public static JsonObject Frame(JsonObject frame)
    {
        foreach (var peer in (frame["data"] as JsonObject)?["room"]?["peers"]?.AsArray() ?? [])
        {
            foreach (var member in (string[])["id", "name", "joinedAt"])
            {
                peer!.AsObject().Remove(member);
            }
        }

        return frame;
    }

    /// <summary>Section 11: the union of what both servers answer to a request.</summary>
    public static JsonNode? Answer(string method, string path, int status, JsonNode? recorded)
    {
        var body = recorded?.DeepClone();
        var parts = path.Trim('/').Split('/');
        if (body is JsonArray list)
        {
            // The lean server's list of rooms.
            foreach (var room in list)
            {
                FromLean(room!.AsObject());
            }
        }
        else if (body is not JsonObject members)
        {
            return body;
        }
        else if (status != 200 && status != 201)
        {
            Default(members, "timestamp", "<ts>");
            if (parts is ["api", "rooms", var missing, ..] && status == 404)
            {
                Default(members, "roomId", missing);
            }
        }
        else
        {
            Succeed(method, parts, members);
        }

        return body;
    }

    private static void Succeed(string method, string[] parts, JsonObject body)
    {
        switch (parts)
        {
            case ["api", "health"]:
                Default(body, "rooms", "<n>");
                Default(body, "totalPeers", "<n>");
                Default(body, "memory", JsonNode.Parse("""{"heapUsed":"<n>","heapTotal":"<n>","heapPercent":"<n>","external":"<n>"}""")!);
                break;
            case ["api", "auth", "token"]:
                Default(body, "userId", "<s>");
                Default(body, "roomId", "<s>");
                Default(body, "message", "<s>");
                Default(body, "expiresAt", "<n>");
                Default(body, "timestamp", "<ts>");
                break;
            case ["api", "rooms"] when method == "GET":
                foreach (var listed in body["rooms"]!.AsArray())
                {
                    Default(listed!.AsObject(), "id", (string)listed!["roomId"]!);
                    Default(listed.AsObject(), "name", (string)listed["roomName"]!);
                    Default(listed.AsObject(), "peers", "<peers>");
                }

                break;
            case ["api", "rooms", "create"]:
                Peers(body);
                break;
            case ["api", "rooms", _]:
                Shown(body);
                break;
            case ["api", "rooms", _, "peers"]:
                Peers(body);
                break;
            case ["api", "rooms", _, "join"]:
                Peers(body["room"]!.AsObject());
                foreach (var (name, value) in body["room"]!.AsObject())
                {
                    Default(body, name, value!.DeepClone());
                }

                Peers(body);
                break;
            case ["api", "rooms", _, "leave"]:
                Default(body, "timestamp", "<ts>");
                break;
        }
    }

    private static void Shown(JsonObject body)
    {
        var metadata = body["metadata"] as JsonObject ?? FromLean(body);
        if (body["metadata"] is null)
        {
            var stats = JsonNode.Parse("""{"operationCount":0,"bandwidth":{"sent":0,"received":0,"note":"Bandwidth tracked peer-to-peer via WebRTC"} }""")!.AsObject();
            foreach (var name in (string[])["roomId", "peerCount", "createdAt", "lastActivity"])
            {
                stats[name] = metadata[name]!.DeepClone();
            }

            var copy = new JsonObject();
            foreach (var name in Metadata.Where(metadata.ContainsKey))
            {
                copy[name] = metadata[name]!.DeepClone();
            }

            copy["hostName"] = "<s>";
            body.Clear();
            body["metadata"] = metadata = copy;
            body["stats"] = stats;
            body["timestamp"] = "<ts>";
        }

        // Flaw 11: the document's content is for members.
        metadata.Remove("content");
        Peers(metadata);
        var data = new JsonObject
        {
            ["id"] = metadata["roomId"]!.DeepClone(),
            ["room_id"] = metadata["roomId"]!.DeepClone(),
            ["name"] = metadata["roomName"]!.DeepClone(),
            ["file_id"] = metadata["fileId"]?.DeepClone() ?? "",
            ["host"] = metadata["hostName"]?.DeepClone() ?? "<s>",
            ["content"] = "",
            ["version"] = metadata["version"]?.DeepClone() ?? 0,
            ["created_at"] = "<iso>",
            ["updated_at"] = "<iso>",
        };
        foreach (var (name, value) in data)
        {
            body[name] = value!.DeepClone();
        }

        body["data"] = data;
        foreach (var name in (string[])["fileId", "createdAt", "peerCount", "peers"])
        {
            if (metadata[name] is { } value)
            {
                body[name] = value.DeepClone();
            }
        }
    }

    // What the lean server calls a room, as both do.
    private static JsonObject FromLean(JsonObject room)
    {
        Default(room, "roomId", (string)room["id"]!);
        Default(room, "roomName", (string)room["name"]!);
        Default(room, "hostId", room["peers"]![0]!["id"]!.ToString());
        Default(room, "state", "active");
        Default(room, "lastActivity", "<ts>");
        foreach (var (index, peer) in room["peers"]!.AsArray().Index())
        {
            // Section 2: a number becomes its decimal text.
            var id = peer!["id"]!.ToString();
            peer["id"] = id;
            Default(peer.AsObject(), "userId", id);
            if ((string)peer["name"]! != RoomsWriter.LeanName(id, null))
            {
                Default(peer.AsObject(), "userName", (string)peer["name"]!);
            }

            Default(peer.AsObject(), "isHost", index == 0);
            Default(peer.AsObject(), "connectedAt", "<ts>");
            Default(peer.AsObject(), "lastHeartbeat", "<ts>");
        }

        return room;
    }

    private static void Peers(JsonObject owner)
    {
        foreach (var node in owner["peers"]!.AsArray())
        {
            var peer = node!.AsObject();
            Default(peer, "id", (string)peer["userId"]!);
            Default(peer, "name", (string?)peer["userName"] ?? RoomsWriter.LeanName((string)peer["userId"]!, null));
            Default(peer, "joinedAt", "<ts>");
        }
    }

    private static void Default(JsonObject members, string name, JsonNode value)
    {
        if (!members.ContainsKey(name) && value.GetValueKind() != JsonValueKind.Undefined)
        {
            members[name] = value;
        }
    }
}
