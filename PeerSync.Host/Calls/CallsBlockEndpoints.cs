using PeerSync.Actors.Calls;
using PeerSync.Host.Http;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Host.Calls;

/// <summary>Whom a device does not want to meet again (Calls contract, section 3.8).</summary>
internal sealed class CallsBlockEndpoints(ICallsDirectory directory, CallsPeerIds peers, IEnumerable<ICallsLive> live)
{
    private const string Target = "blockedUserId";

    /// <summary>POST /blocks.</summary>
    public async Task BlockAsync(HttpContext context, CallsTokenClaims claims)
    {
        var input = await CallsInput.ReadAsync(context, Target, "reason", "sessionId");
        var peerId = input.Required(Target, CallsPeerIds.MaxLength);
        var reason = input.Optional("reason", CallsBlock.MaxReasonLength);
        var sessionId = input.Optional("sessionId", NewCallsReport.MaxSessionIdLength);
        if (input.Problems.Count > 0)
        {
            await CallsAnswer.WriteProblemsAsync(context, input.Problems);
            return;
        }

        if (peers.Find(claims.DeviceId, peerId) is not { } blocked)
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status404NotFound, "Blocked user not found");
            return;
        }

        if (blocked == claims.DeviceId)
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "You cannot block yourself");
            return;
        }

        switch (await directory.BlockAsync(claims.DeviceId, blocked, reason, sessionId, context.RequestAborted))
        {
            case CallsBlockStatus.AlreadyBlocked:
                await HttpErrors.WriteAsync(context, StatusCodes.Status409Conflict, "User is already blocked");
                break;
            case CallsBlockStatus.TooMany:
                await HttpErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "Too many users are blocked");
                break;
            default:
                foreach (var told in live)
                {
                    told.Blocked(claims.DeviceId, blocked);
                }

                await CallsAnswer.WriteDoneAsync(
                    context, StatusCodes.Status201Created, "User blocked successfully. You will no longer be matched with this user.");
                break;
        }
    }

    /// <summary>DELETE /blocks.</summary>
    public async Task UnblockAsync(HttpContext context, CallsTokenClaims claims)
    {
        var input = await CallsInput.ReadAsync(context, Target);
        var peerId = input.Required(Target, CallsPeerIds.MaxLength);
        if (input.Problems.Count > 0)
        {
            await CallsAnswer.WriteProblemsAsync(context, input.Problems);
            return;
        }

        var blocked = peers.Find(claims.DeviceId, peerId);
        var status = blocked is null
            ? CallsUnblockStatus.BlockedUnknown
            : await directory.UnblockAsync(claims.DeviceId, blocked, context.RequestAborted);
        if (status != CallsUnblockStatus.Unblocked)
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status404NotFound, status switch
            {
                CallsUnblockStatus.BlockerUnknown => "Blocker user not found",
                CallsUnblockStatus.BlockedUnknown => "Blocked user not found",
                _ => "Block not found",
            });
            return;
        }

        foreach (var told in live)
        {
            told.Unblocked(claims.DeviceId, blocked!);
        }

        await CallsAnswer.WriteDoneAsync(context, StatusCodes.Status200OK, "User unblocked successfully.");
    }

    /// <summary>GET /blocks.</summary>
    public async Task ListAsync(HttpContext context, CallsTokenClaims claims)
    {
        var blocks = await directory.ListBlocksAsync(claims.DeviceId, context.RequestAborted);
        await CallsAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartArray("blocked"u8);
            foreach (var block in blocks)
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, block.Id);
                writer.WriteString("blockedId"u8, peers.Of(claims.DeviceId, block.Blocked));
                writer.WriteNull("blockedUsername"u8);
                writer.WriteString("reason"u8, block.Reason);
                writer.WriteString("createdAt"u8, CallsAnswer.Iso(block.CreatedAt));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("count"u8, blocks.Count);
        });
    }

    /// <summary>GET /blocks/count.</summary>
    public async Task CountAsync(HttpContext context, CallsTokenClaims claims)
    {
        var count = await directory.CountBlocksAsync(claims.DeviceId, context.RequestAborted);
        await CallsAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer => writer.WriteNumber("count"u8, count));
    }
}
