namespace PeerSync.Host.Http;

/// <summary>Marks an endpoint that probes and scrapers call, often many of them from one address, and whose answers are cheap.</summary>
internal sealed class UnlimitedRate
{
    public static UnlimitedRate Instance { get; } = new();
}
