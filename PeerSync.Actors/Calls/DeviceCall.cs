using PeerSync.Protocol.Buffers;

namespace PeerSync.Actors.Calls;

/// <summary>A call as one of its members knows it.</summary>
internal sealed class DeviceCall(TicketMatched match, string peerName, DeviceWait wait)
{
    internal string SessionId => match.SessionId;

    internal string PeerId => match.PeerId;

    /// <summary>The partner as the client knows it.</summary>
    internal string PeerName => peerName;

    internal int Score => match.Score;

    internal IReadOnlyList<string> CommonInterests => match.CommonInterests;

    internal long MatchedAt => match.MatchedAt;

    /// <summary>The wait that ended with it, and goes on if the partner does not come.</summary>
    internal DeviceWait Wait => wait;

    /// <summary>Whether both members have entered, so that the client was told.</summary>
    internal bool IsOpen { get; set; }

    /// <summary>What has come for the client while it has no socket.</summary>
    internal Queue<MessageBuffer> Kept { get; } = new();
}
