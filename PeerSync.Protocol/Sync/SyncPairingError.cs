namespace PeerSync.Protocol.Sync;

/// <summary>What <c>pairing_failed</c> says.</summary>
public static class SyncPairingError
{
    /// <summary>The code is not a string of six digits.</summary>
    public const string InvalidCode = "Invalid pairing code format";

    /// <summary>No such code, or not any more.</summary>
    public const string NotFound = "Pairing code not found or expired";

    /// <summary>The code was used, or is being used by another device.</summary>
    public const string AlreadyUsed = "Pairing code already used";

    /// <summary>The code's time is over.</summary>
    public const string Expired = "Pairing code expired";

    /// <summary>The target account has a device of this name and no suffix helps.</summary>
    public const string NameExists = "Device name already exists on the target account. Please rename this device and try pairing again.";

    /// <summary>The session could not be moved.</summary>
    public const string SessionUpdateFailed = "Failed to update session state after pairing. Please try again.";
}
