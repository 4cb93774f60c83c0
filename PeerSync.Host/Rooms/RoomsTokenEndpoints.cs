using System.Text.Json;
using PeerSync.Actors.Rooms;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Sockets;
using PeerSync.Host.Turn;
using PeerSync.Kernel;
using PeerSync.Protocol.Rooms;
using PeerSync.Storage.Rooms;

namespace PeerSync.Host.Rooms;

/// <summary>Tokens for rooms, and the ICE servers that members are told of (Rooms contract, sections 10 and 16).</summary>
internal sealed class RoomsTokenEndpoints(
    RoomsTokens tokens,
    RoomsAccess access,
    RoomsTokenLimit limit,
    RoomsRevocations revoked,
    RoomsRegions regions,
    IceServers ice,
    RoomsCounters counters,
    IRoomsAudit audit,
    IClientAddresses addresses,
    TimeProvider time)
{
    /// <summary>Whether a request to the path that two features have is for this one: it names a user or a room, or its listener does not serve the other.</summary>
    public static async ValueTask<bool> IsForRoomsAsync(HttpContext context)
    {
        if ((ListenerFeatures.Of(context) & ServerFeatures.Sync) == 0)
        {
            return true;
        }

        // The other feature reads the body from the beginning, if it does.
        context.Request.EnableBuffering(RoomsInput.Limit, RoomsInput.Limit);
        var isOwn = false;
        if (context.Request.HasJsonContentType())
        {
            try
            {
                using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
                isOwn = document.RootElement.ValueKind == JsonValueKind.Object
                    && (document.RootElement.TryGetProperty("userId", out _) || document.RootElement.TryGetProperty("roomId", out _));
            }
            catch (Exception exception) when (exception is JsonException or IOException)
            {
                // Not an object that this feature knows: the other one says what is wrong with it.
            }
        }

        context.Request.Body.Position = 0;
        return isOwn;
    }

    /// <summary>POST /api/auth/token.</summary>
    public async Task IssueAsync(HttpContext context)
    {
        if (!limit.TryAcquire(addresses.Hash(context), out var retryAfter))
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status429TooManyRequests, time, "Too many requests, please try again later");
            return;
        }

        var input = await RoomsInput.ReadAsync(context);
        if (input.Name("userId") is not { } userId || input.Name("roomId") is not { } roomId)
        {
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, time, "Missing required fields", static writer =>
            {
                writer.WriteStartArray("required"u8);
                writer.WriteStringValue("userId"u8);
                writer.WriteStringValue("roomId"u8);
                writer.WriteEndArray();
            });
            return;
        }

        if (!await access.MayMintAsync(context, userId))
        {
            audit.Record(new RoomsAuditEvent("token-refused", roomId, userId) { AddressTag = addresses.Hash(context) });
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status401Unauthorized, time, "Not authorized to create tokens");
            return;
        }

        var token = tokens.Issue(userId, roomId, out var claims);
        counters.TokenIssued();
        audit.Record(new RoomsAuditEvent("token-issued", roomId, userId) { AddressTag = addresses.Hash(context), TokenId = claims.TokenId });
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteString("status"u8, "success"u8);
            writer.WriteString("token"u8, token);
            writer.WriteString("userId"u8, userId);
            writer.WriteString("roomId"u8, roomId);
            writer.WriteString("expiresIn"u8, Words(tokens.Lifetime));
            writer.WriteNumber("expiresAt"u8, claims.ExpiresAt.ToUnixTimeMilliseconds());
            writer.WriteString("message"u8, "Use this token when connecting to WebSocket signaling server"u8);
        });
    }

    /// <summary>POST /api/auth/validate.</summary>
    public async Task ValidateAsync(HttpContext context)
    {
        var input = await RoomsInput.ReadAsync(context);
        var status = tokens.Verify(input.Text("token") ?? string.Empty, out var claims);
        var error = status == RoomsTokenStatus.Invalid || revoked.IsRevoked(claims!.TokenId) ? RoomsError.InvalidToken
            : status == RoomsTokenStatus.Expired ? RoomsError.TokenExpired
            : input.Name("userId") != claims.UserId ? RoomsError.UserMismatch
            : input.Name("roomId") != claims.RoomId ? RoomsError.NotAuthorizedForRoom
            : null;
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("valid"u8, error is null);
            if (error is not null)
            {
                writer.WriteString("error"u8, error.Text);
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>POST /api/auth/revoke: whoever has the token itself, and the operator, who may know no more than its id.</summary>
    public async Task RevokeAsync(HttpContext context)
    {
        var input = await RoomsInput.ReadAsync(context);
        var isKnown = tokens.Verify(input.Text("token") ?? string.Empty, out var claims) == RoomsTokenStatus.Valid;
        var tokenId = isKnown ? claims!.TokenId : input.Text("tokenId");
        if (!isKnown && !access.IsAdmin(context))
        {
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status401Unauthorized, time, RoomsError.InvalidToken.Text);
            return;
        }

        if (tokenId is not { Length: > 0 and <= IRevokedRoomTokens.MaxIdLength })
        {
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, time, "Missing token or tokenId");
            return;
        }

        await revoked.RevokeAsync(tokenId, context.RequestAborted);
        var roomId = isKnown ? claims!.RoomId : input.Name("roomId");
        audit.Record(new RoomsAuditEvent("token-revoked", roomId, claims?.UserId) { AddressTag = addresses.Hash(context), TokenId = tokenId });
        var evicted = roomId is not null
            && (await regions.Rooms.Ask<RoomDone>(new EvictToken(roomId, tokenId), RoomsEndpoints.Patience, context.RequestAborted)).HadEffect;
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteBoolean("revoked"u8, true);
            writer.WriteString("tokenId"u8, tokenId);
            writer.WriteBoolean("wasMember"u8, evicted);
        });
    }

    /// <summary>GET /api/ice-servers: for members with a token, and for everybody where tokens are open to everybody.</summary>
    public async Task WriteIceServersAsync(HttpContext context)
    {
        var member = access.Member(context);
        if (member is null && !access.IsOpen)
        {
            await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status401Unauthorized, time, RoomsError.MissingToken.Text);
            return;
        }

        var userId = member?.UserId ?? (RoomsText.IsName(context.Request.Query["userId"].ToString()) ? context.Request.Query["userId"].ToString() : "guest");
        context.Response.Headers.CacheControl = "no-store";
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WritePropertyName("iceServers"u8);
            ice.Write(writer, userId);
        });
    }

    private static string Words(TimeSpan lifetime) => lifetime == TimeSpan.FromHours(1)
        ? "1 hour"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(long)lifetime.TotalSeconds} seconds");
}
