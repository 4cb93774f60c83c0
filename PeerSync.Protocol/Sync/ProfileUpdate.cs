namespace PeerSync.Protocol.Sync;

/// <summary>A profile update after the server's normalisation.</summary>
public sealed record ProfileUpdate
{
    /// <summary>The name, cut to 100 UTF-16 units; null when it was not given.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Whether an address was given. One that is empty or null removes the address.</summary>
    public bool HasEmail { get; init; }

    /// <summary>The address; null to remove it.</summary>
    public string? Email { get; init; }

    /// <summary>The preferences; null when none were given.</summary>
    public ProfilePreferences? Preferences { get; init; }
}
