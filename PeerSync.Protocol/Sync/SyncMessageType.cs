namespace PeerSync.Protocol.Sync;

/// <summary>What a client's message asks for.</summary>
public enum SyncMessageType
{
    /// <summary>None of the others; ignored after login.</summary>
    Unknown,

    /// <summary><c>client_hello</c>, the first message of the handshake.</summary>
    ClientHello,

    /// <summary><c>client_auth</c>, the second one.</summary>
    ClientAuth,

    /// <summary><c>event</c>: an event to store and relay.</summary>
    Event,

    /// <summary><c>ack</c>: the device has received an event.</summary>
    Ack,

    /// <summary><c>replay_request</c>: the device wants what it missed.</summary>
    ReplayRequest,

    /// <summary><c>ping</c>.</summary>
    Ping,

    /// <summary><c>scratchpad_sync</c>: content to pass on unstored.</summary>
    ScratchpadSync,

    /// <summary><c>initiate_pairing</c>: the device wants a pairing code.</summary>
    InitiatePairing,

    /// <summary><c>complete_pairing</c>: the device has a pairing code.</summary>
    CompletePairing,
}
