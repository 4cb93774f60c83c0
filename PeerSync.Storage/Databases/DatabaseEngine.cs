namespace PeerSync.Storage.Databases;

/// <summary>The two engines that the tables live in.</summary>
public enum DatabaseEngine
{
    /// <summary>One file in the data folder; the default.</summary>
    Sqlite,

    /// <summary>A server shared by all nodes.</summary>
    Postgres,
}
