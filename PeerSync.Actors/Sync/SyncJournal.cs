using PeerSync.Protocol.Identity;

namespace PeerSync.Actors.Sync;

/// <summary>How a user's events are named in the journal.</summary>
public static class SyncJournal
{
    /// <summary>What the names of all Sync streams begin with.</summary>
    public const string Prefix = "sync-";

    /// <summary>The tag of events that describe files, by which they are listed.</summary>
    public const string FileTag = "file:metadata";

    /// <summary>What the tags of events that expire begin with; the hour of their end follows.</summary>
    public const string ExpiryTagPrefix = "sync-expires:";

    /// <summary>The persistence id of a user's events.</summary>
    public static string PersistenceId(UserId userId) => Prefix + userId.Value;

    /// <summary>The tag of events that expire in the hour of <paramref name="at"/>. Tags are ordered as the hours are.</summary>
    public static string ExpiryTag(DateTimeOffset at) => ExpiryTagPrefix + at.UtcDateTime.ToString("yyyy-MM-ddTHH", System.Globalization.CultureInfo.InvariantCulture);
}
