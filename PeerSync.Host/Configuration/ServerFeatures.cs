namespace PeerSync.Host.Configuration;

/// <summary>The features that a listener serves. Each carries the name that its folders have.</summary>
[Flags]
internal enum ServerFeatures
{
    None = 0,

    /// <summary>Networks, presence, connection requests and pair sessions.</summary>
    Peers = 1,

    /// <summary>Rooms with WebRTC signaling.</summary>
    Rooms = 2,

    /// <summary>Durable device to device events.</summary>
    Sync = 4,

    /// <summary>Encrypted shares within teams.</summary>
    Sharing = 8,

    /// <summary>Matchmaking and call signaling.</summary>
    Calls = 16,

    All = Peers | Rooms | Sync | Sharing | Calls,
}
