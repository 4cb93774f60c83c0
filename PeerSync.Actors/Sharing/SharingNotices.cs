using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Actors.Sharing;

/// <summary>From the wire's events to the stored ones.</summary>
public static class SharingNotices
{
    /// <summary>The event as it is stored.</summary>
    public static SharingEventText ToText(this SharingNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return new SharingEventText(notice.Name, notice.Payload, notice.Brief);
    }
}
