using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Sharing.Description;

/// <content>Health, logins and sessions.</content>
internal static partial class SharingDescriptions
{
    private const string HealthTag = "Health Check";
    private const string AuthTag = "Auth";

    private static RouteDescription Root() => Open("rootStatus", HealthTag, "Says that the server is there").Answers<RunningSchema>(200, "Always");

    private static RouteDescription Health() => new RouteDescription("healthCheck", HealthTag, "Says whether what the server depends on is well")
        .Answers<HealthCheckSchema>(200, "It is")
        .Answers<HealthCheckSchema>(503, "It is not");

    private static RouteDescription GitHub() => Open("authGithubAuthorize", AuthTag, "Says where to log in with GitHub")
        .Asks<string>("hid", "The handshake that the answer is for; without one it goes to the browser")
        .Answers<AuthorizeSchema>(200, "The address")
        .Refuses(400, "The handshake does not hold");

    private static RouteDescription Callback() => Open("authGithubCallback", AuthTag, "Ends a login in the browser")
        .Asks<string>("code", "GitHub's code", isRequired: true)
        .Asks<string>("state", "What the address of the login said")
        .Asks<string>("hid", "The handshake, where it is not the state")
        .Answers<CallbackSchema>(200, "The login")
        .Refuses(400, "The code is missing, or the handshake does not hold")
        .Refuses(500, "GitHub's answer is of no use")
        .Refuses(502, "GitHub does not answer");

    private static RouteDescription HandshakeInit() => Open("authHandshakeInit", AuthTag, "Begins a login in the browser for an editor")
        .Reads<HandshakeInitSchema>()
        .Answers<HandshakeSchema>(200, "The handshake")
        .Refuses(400, "That is no public key on P-256");

    private static RouteDescription HandshakeRetrieve() => Open("authHandshakeRetrieve", AuthTag, "Takes what a handshake has brought, once")
        .Asks<string>("id", "The handshake", isRequired: true)
        .Answers<HandshakeResultSchema>(200, "The sealed tokens, or that they are not there yet")
        .Refuses(400, "The id is missing")
        .Refuses(404, "There is no such handshake, or it has been taken")
        .Refuses(410, "The handshake has expired");

    private static RouteDescription LoginWithToken() => Open("authLoginWithToken", AuthTag, "Logs in with a token of GitHub")
        .Reads<LoginWithTokenSchema>()
        .Answers<SealedLoginSchema>(200, "The sealed tokens")
        .Refuses(400, "A member is missing or wrong")
        .Refuses(401, "GitHub does not know the token")
        .Refuses(502, "GitHub does not answer");

    private static RouteDescription DevLogin() => Open("authDevLogin", AuthTag, "Logs in under any name, where the settings allow it")
        .Reads<DevLoginSchema>()
        .Answers<LoginSchema>(200, "The login")
        .Refuses(400, "That is no name");

    private static RouteDescription Refresh() => Open("authRefresh", AuthTag, "Makes new tokens, after which the former refresh token ends the session")
        .Reads<RefreshSchema>(isRequired: false)
        .Answers<RefreshedSchema>(200, "The tokens")
        .AnswersText(401, "The token does not hold: the text `Unauthorized`");

    private static RouteDescription LogOut() => Protected("authLogout", AuthTag, "Ends the session").Done("It has ended");

    private static RouteDescription LogOutEverywhere() => Protected("authLogoutAll", AuthTag, "Ends all of the caller's sessions").Done("They have ended");

    private static RouteDescription ListSessions() => Protected("authListSessions", AuthTag, "Lists the caller's sessions")
        .Answers<SessionListSchema>(200, "The sessions");

    private static RouteDescription EndSession() => Protected("authEndSession", AuthTag, "Ends one of the caller's sessions")
        .Done("It has ended")
        .Refuses(404, "The caller has no such session");
}
