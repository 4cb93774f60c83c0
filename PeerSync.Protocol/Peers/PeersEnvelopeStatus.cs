namespace PeerSync.Protocol.Peers;

/// <summary>What came of reading a client's message.</summary>
public enum PeersEnvelopeStatus
{
    /// <summary>The message is a JSON object; its event may still be unknown.</summary>
    Ok,

    /// <summary>The message is not valid JSON or not valid UTF-8.</summary>
    InvalidJson,

    /// <summary>The message is valid JSON, but an array, a string, a number, a boolean or null.</summary>
    NotAnObject,
}
