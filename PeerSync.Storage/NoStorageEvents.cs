namespace PeerSync.Storage;

/// <summary>Listens to nothing.</summary>
internal sealed class NoStorageEvents : IStorageEvents
{
    /// <summary>The only one that is needed.</summary>
    public static readonly NoStorageEvents Instance = new();
}
