using System.Diagnostics.Metrics;

namespace PeerSync.Host.Sharing;

/// <summary>What is measured of shares. No label holds a user or a team.</summary>
internal sealed class SharesMetrics
{
    private readonly Counter<long> _shares;
    private readonly Counter<long> _wraps;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _refused;

    public SharesMetrics(SharingMetrics metrics)
    {
        _shares = metrics.Meter.CreateCounter<long>("peersync.sharing.shares", "{share}", "Shares made, deleted, and removed after their time, by kind.");
        _wraps = metrics.Meter.CreateCounter<long>("peersync.sharing.wraps", "{key}", "Wrapped keys stored.");
        _bytes = metrics.Meter.CreateCounter<long>("peersync.sharing.bodies", "By", "Bodies of requests that stored shares or wrapped keys.");
        _refused = metrics.Meter.CreateCounter<long>("peersync.sharing.refused", "{request}", "Shares and wrapped keys that were not stored, by reason.");
    }

    /// <summary>A share was made.</summary>
    /// <param name="isDirect">Whether it has no team.</param>
    /// <param name="wraps">The wrapped keys that it brought.</param>
    /// <param name="bytes">The size of the request's body.</param>
    public void Created(bool isDirect, int wraps, long bytes)
    {
        Count("created", isDirect ? "direct" : "team", 1);
        Appended(wraps, bytes);
    }

    /// <summary>Wrapped keys were stored.</summary>
    /// <param name="wraps">How many.</param>
    /// <param name="bytes">The size of the request's body.</param>
    public void Appended(int wraps, long bytes)
    {
        _wraps.Add(wraps);
        _bytes.Add(bytes);
    }

    /// <summary>A share was deleted.</summary>
    public void Deleted() => Count("deleted", "any", 1);

    /// <summary>Shares were removed after their time.</summary>
    public void Expired(int count) => Count("expired", "any", count);

    /// <summary>Something was not stored.</summary>
    /// <param name="reason">One of a few fixed words.</param>
    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    private void Count(string action, string kind, int count) =>
        _shares.Add(count, new KeyValuePair<string, object?>("action", action), new KeyValuePair<string, object?>("kind", kind));
}
