namespace PeerSync.Protocol.Sync;

/// <summary>What came of reading a client's message.</summary>
public enum SyncEnvelopeStatus
{
    /// <summary>The message is a JSON object, or an array, which counts as an object without members; its type may still be unknown.</summary>
    Ok,

    /// <summary>The message is not valid JSON or not valid UTF-8.</summary>
    InvalidJson,

    /// <summary>The message is a string, a number or a boolean.</summary>
    NotAnObject,

    /// <summary>The message is <c>null</c>.</summary>
    Null,
}
