using PeerSync.Host.Http;
using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Peers;

/// <summary>A request to join a network,.</summary>
/// <param name="InviteCode"><c>PS-</c> and six symbols; spaces around it and letter case do not matter.</param>
internal sealed record JoinNetworkRequest(string InviteCode);

/// <summary>What the OpenAPI document says of the Peers feature's routes.</summary>
internal static class PeersDescriptions
{
    private const string Tag = "Peers";

    public static RouteDescription AuthHealth() => new RouteDescription("peersAuthHealth", Tag, "Says who issues the tokens")
        .Answers<AuthHealthAnswer>(200, "Always");

    public static RouteDescription Verify() => new RouteDescription("peersVerify", Tag, "Says whom a token names")
        .With("A request with `X-User-ID` or a token of Sync is answered by Sync, as `/api/auth/verify` is.")
        .For(RouteAccess.Bearer)
        .Answers<VerifiedAnswer>(200, "The token is valid")
        .Refuses(401, "There is no valid token")
        .Refuses(503, "The token cannot be checked at the moment");

    public static RouteDescription Show() => Member("peersShowNetwork", "Shows the caller's network")
        .Answers<NetworkInfo>(200, "The network; without a body where the caller has none")
        .Refusing();

    public static RouteDescription Create() => Member("peersCreateNetwork", "Makes a network with the caller as its only member")
        .With("The caller leaves the network that it had.")
        .Answers<NetworkInfo>(201, "The new network")
        .Refuses(409, "The network was not made")
        .Refusing();

    public static RouteDescription Join() => Member("peersJoinNetwork", "Joins the network with an invite code")
        .With("The caller leaves the network that it had.")
        .Reads<JoinNetworkRequest>()
        .Answers<NetworkInfo>(201, "The network")
        .Refuses(400, "The body is not JSON")
        .Refuses(404, "No network has this code")
        .Refuses(409, "That is no invite code")
        .Answers<BareErrorEnvelope>(413, "The body is larger than 100 KiB")
        .Refusing();

    public static RouteDescription Leave() => Member("peersLeaveNetwork", "Leaves the caller's network")
        .Answers<LeftAnswer>(201, "Also where there was none")
        .Refuses(409, "The network was not left")
        .Refusing();

    private static RouteDescription Member(string operationId, string summary) =>
        new RouteDescription(operationId, Tag, summary).For(RouteAccess.Bearer);

    private static RouteDescription Refusing(this RouteDescription description) => description
        .Refuses(401, "There is no valid token")
        .Refuses(429, "Too many requests; Retry-After says how many seconds to wait")
        .Refuses(503, "The tokens cannot be checked, or the database is away");

    private static RouteDescription Refuses(this RouteDescription description, int status, string when) =>
        description.Answers<ErrorEnvelope>(status, when);
}
