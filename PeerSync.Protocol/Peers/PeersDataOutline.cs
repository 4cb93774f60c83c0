using System.Text.Json;

namespace PeerSync.Protocol.Peers;

/// <summary>
/// Where the members that the server interprets or owns (<c>sessionId</c>, <c>from</c>, <c>timestamp</c>) stand in <c>data</c>, noted while the
/// syntax check passes over them, so that relaying a message takes one pass. Offsets count from the first byte of the data.
/// </summary>
internal struct PeersDataOutline
{
    /// <summary>How many members have such a name.</summary>
    public int OwnedMembers;

    /// <summary>The token that begins the value of the last <c>sessionId</c>; None when there is none.</summary>
    public JsonTokenType SessionIdType;

    /// <summary>Whether that value is a string with escapes.</summary>
    public bool SessionIdIsEscaped;

    /// <summary>Where the last <c>sessionId</c> member begins.</summary>
    public int SessionIdMember;

    /// <summary>Where its value begins.</summary>
    public int SessionIdStart;

    /// <summary>The offset behind its value, which is also where the member ends.</summary>
    public int SessionIdEnd;
}
