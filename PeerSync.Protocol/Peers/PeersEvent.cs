namespace PeerSync.Protocol.Peers;

/// <summary>What a client can ask for. The names on the wire are upper case and compared exactly (docs/spec/peers.md, section 4).</summary>
public enum PeersEvent
{
    /// <summary>Anything else, a missing name and a name that is not a string included.</summary>
    Unknown,

    /// <summary><c>AUTH</c>: prove who you are.</summary>
    Auth,

    /// <summary><c>PEER_REGISTER</c>: appear to others, or change the profile.</summary>
    PeerRegister,

    /// <summary><c>DISCOVER_PEERS</c>: list the peers one may see.</summary>
    DiscoverPeers,

    /// <summary><c>CONNECTION_REQUEST</c>: ask a peer for a session.</summary>
    ConnectionRequest,

    /// <summary><c>CONNECTION_RESPONSE</c>: accept or reject such a request.</summary>
    ConnectionResponse,

    /// <summary><c>SEND_MESSAGE</c>: send a message to the other member of a session.</summary>
    SendMessage,

    /// <summary><c>PING</c>: show that one lives.</summary>
    Ping,

    /// <summary><c>CONNECTION_CANCEL</c>: take an own connection request back.</summary>
    ConnectionCancel,

    /// <summary><c>SESSION_END</c>: end a session.</summary>
    SessionEnd,

    /// <summary><c>SET_STATUS</c>: say whether one is online, away or busy.</summary>
    SetStatus,
}
