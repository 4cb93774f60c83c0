namespace PeerSync.Protocol.Peers;

/// <summary>The close codes of the Peers feature. A client does not come back by itself after either, so neither may stand for a passing condition.</summary>
public static class PeersCloseCode
{
    /// <summary>Authentication failed or did not come in time.</summary>
    public const int AuthenticationFailed = 4001;

    /// <summary>The same user signed in on another socket.</summary>
    public const int Superseded = 4002;

    /// <summary>The reason beside 4001 when AUTH carried no token.</summary>
    public const string NoTokenReason = "No token provided";

    /// <summary>The reason beside 4001 when the token was refused.</summary>
    public const string AuthenticationFailedReason = "Authentication failed";

    /// <summary>The reason beside 4001 when no AUTH came in time.</summary>
    public const string AuthenticationTimeoutReason = "Authentication timeout";

    /// <summary>The reason beside 4002.</summary>
    public const string SupersededReason = "Superseded by new connection";
}
