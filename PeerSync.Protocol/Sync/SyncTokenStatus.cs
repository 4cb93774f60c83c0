namespace PeerSync.Protocol.Sync;

/// <summary>What came of verifying a bearer token.</summary>
public enum SyncTokenStatus
{
    /// <summary>The token is genuine and has not expired.</summary>
    Valid,

    /// <summary>Not three parts of base64url, or not the one header that the server writes. <c>Invalid token format</c>.</summary>
    InvalidFormat,

    /// <summary>The signature is wrong. <c>Invalid token signature</c>.</summary>
    InvalidSignature,

    /// <summary>The claims are not those that the server writes. <c>Invalid token payload</c>.</summary>
    InvalidPayload,

    /// <summary>The token is genuine and too old. <c>Token expired</c>.</summary>
    Expired,
}
