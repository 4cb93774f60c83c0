namespace PeerSync.Protocol.WebSockets;

/// <summary>The close codes of RFC 6455, section 7.4, and of the IANA registry that extends it. Features add their own from 4000 on.</summary>
public static class WebSocketCloseCode
{
    /// <summary>The purpose of the connection is fulfilled.</summary>
    public const int NormalClosure = 1000;

    /// <summary>An endpoint goes away: the server stops, the page is left.</summary>
    public const int GoingAway = 1001;

    /// <summary>The peer broke the WebSocket protocol.</summary>
    public const int ProtocolError = 1002;

    /// <summary>The peer sent a kind of data that is not accepted here.</summary>
    public const int UnsupportedData = 1003;

    /// <summary>The close frame carried no code. Never sent; see <see cref="IsValidOnWire"/>.</summary>
    public const int NoStatusReceived = 1005;

    /// <summary>The connection ended without a close frame. Never sent; see <see cref="IsValidOnWire"/>.</summary>
    public const int AbnormalClosure = 1006;

    /// <summary>A text message was not valid UTF-8.</summary>
    public const int InvalidPayload = 1007;

    /// <summary>The peer broke a rule of this server that has no code of its own.</summary>
    public const int PolicyViolation = 1008;

    /// <summary>A message was larger than this server accepts.</summary>
    public const int MessageTooBig = 1009;

    /// <summary>The server met a condition that it did not expect.</summary>
    public const int InternalError = 1011;

    /// <summary>The server restarts; the client may reconnect after a random delay.</summary>
    public const int ServiceRestart = 1012;

    /// <summary>The server is overloaded or lacks something it needs; the client may try again later.</summary>
    public const int TryAgainLater = 1013;

    private const int LastRegistered = 1014;
    private const int FirstApplicationDefined = 3000;
    private const int LastApplicationDefined = 4999;

    /// <summary>Whether a close frame may carry the code: 1000 to 1003, 1007 to 1014 and 3000 to 4999.</summary>
    public static bool IsValidOnWire(int code) => code
        is (>= NormalClosure and <= UnsupportedData)
        or (>= InvalidPayload and <= LastRegistered)
        or (>= FirstApplicationDefined and <= LastApplicationDefined);
}
