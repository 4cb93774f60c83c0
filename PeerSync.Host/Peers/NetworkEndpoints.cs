using PeerSync.Actors.Identity;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Storage.Peers;

namespace PeerSync.Host.Peers;

/// <summary>Networks over HTTP: show, create, join, leave (Peers contract, sections 5.3 and 5.4).</summary>
/// <remarks>
/// Writes are not cancelled when the caller hangs up: a change that was committed without the live sockets hearing of it would last until the
/// user's next login.
/// </remarks>
internal sealed class NetworkEndpoints(
    PeersAuthentication authentication,
    IPeerDirectory directory,
    INetworkChanges changes,
    JoinAttempts attempts,
    IClientAddresses addresses,
    PeerSyncMetrics metrics)
{
    public async Task ShowAsync(HttpContext context)
    {
        if (await authentication.RequireMemberAsync(context) is not { } caller)
        {
            return;
        }

        var network = await directory.FindNetworkAsync(caller.UserId.Value, context.RequestAborted);
        if (network is null)
        {
            // Clients know "no network" by exactly this: a success without a body that says so.
            context.Response.ContentLength = 0;
            return;
        }

        await WriteNetworkAsync(context, StatusCodes.Status200OK, network);
    }

    public async Task CreateAsync(HttpContext context)
    {
        if (await authentication.RequireMemberAsync(context) is not { } caller)
        {
            return;
        }

        var network = await directory.CreateNetworkAsync(UserOf(caller), CancellationToken.None);
        changes.MembershipChanged(caller.UserId.Value, network);
        await WriteNetworkAsync(context, StatusCodes.Status201Created, network);
    }

    public async Task JoinAsync(HttpContext context)
    {
        if (await authentication.RequireMemberAsync(context) is not { } caller)
        {
            return;
        }

        var body = await RequestBody.ReadAsync(context);
        if (InviteCodeInput.Normalize(body.Text("inviteCode")) is not { } code)
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status409Conflict, "Invalid invite code format");
            return;
        }

        if (!attempts.TryBegin(caller.UserId, addresses.Hash(context), out var retryAfter))
        {
            metrics.RateLimited("join");
            await HttpErrors.WriteTooManyRequestsAsync(context, retryAfter);
            return;
        }

        var network = InviteCodeInput.CanExist(code)
            ? await directory.JoinNetworkAsync(UserOf(caller), code, CancellationToken.None)
            : null;
        if (network is null)
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status404NotFound, "Network not found for this invite code");
            return;
        }

        changes.MembershipChanged(caller.UserId.Value, network);
        await WriteNetworkAsync(context, StatusCodes.Status201Created, network);
    }

    public async Task LeaveAsync(HttpContext context)
    {
        if (await authentication.RequireMemberAsync(context) is not { } caller)
        {
            return;
        }

        await directory.LeaveNetworkAsync(caller.UserId.Value, CancellationToken.None);
        changes.MembershipChanged(caller.UserId.Value, null);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, new LeftAnswer(Left: true), PeersJson.Wire.LeftAnswer);
    }

    private static UserRecord UserOf(VerifiedIdentity identity) =>
        new(identity.UserId.Value, identity.Email, identity.DisplayName, identity.StoredProvider, identity.AvatarUrl);

    private static Task WriteNetworkAsync(HttpContext context, int statusCode, NetworkRecord network) =>
        JsonAnswer.WriteAsync(context, statusCode, NetworkInfo.From(network), PeersJson.Wire.NetworkInfo);
}
