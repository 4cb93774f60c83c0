namespace PeerSync.Protocol.Peers;

/// <summary>The data of a SEND_MESSAGE, as slices of the message itself.</summary>
public readonly ref struct SendMessageView
{
    internal SendMessageView(PeersFieldStatus status, ReadOnlySpan<byte> sessionIdJson, bool isEscaped, ReadOnlySpan<byte> data, PeersDataOutline outline)
    {
        Status = status;
        SessionIdJson = sessionIdJson;
        SessionIdIsEscaped = isEscaped;
        Data = data;
        Outline = outline;
    }

    /// <summary>Whether there is a session id. The members below are set when it is <see cref="PeersFieldStatus.Text"/>.</summary>
    public PeersFieldStatus Status { get; }

    /// <summary>The session id as a JSON string in its quotes, ready to be written into another frame.</summary>
    public ReadOnlySpan<byte> SessionIdJson { get; }

    /// <summary>Whether the session id is written with escapes. No id that this server makes needs any.</summary>
    public bool SessionIdIsEscaped { get; }

    /// <summary>The session id in UTF-8, for a look-up without a string; empty when it is written with escapes.</summary>
    public ReadOnlySpan<byte> SessionIdUtf8 => Status == PeersFieldStatus.Text && !SessionIdIsEscaped ? SessionIdJson[1..^1] : default;

    /// <summary>The whole data object as sent.</summary>
    internal ReadOnlySpan<byte> Data { get; }

    /// <summary>Where the owned members stand in it.</summary>
    internal PeersDataOutline Outline { get; }

    /// <summary>The session id as a string, escapes resolved; empty when there is none. Allocates.</summary>
    public string GetSessionId() => Status == PeersFieldStatus.Text ? Json.JsonText.Decode(SessionIdJson[1..^1], SessionIdIsEscaped) : string.Empty;
}
