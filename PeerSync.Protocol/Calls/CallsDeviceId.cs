using PeerSync.Protocol.Identity;

namespace PeerSync.Protocol.Calls;

/// <summary>The names that clients of the Calls feature choose for their devices (Calls contract, section 3.1).</summary>
public static class CallsDeviceId
{
    /// <summary>The longest device id, in UTF-16 code units.</summary>
    public const int MaxLength = 128;

    /// <summary>Whether a text may be a device id: 1 to 128 units, no control characters, no lone surrogate.</summary>
    public static bool IsValid(string? text) => PlainText.IsName(text, MaxLength);
}
