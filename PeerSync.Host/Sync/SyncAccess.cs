namespace PeerSync.Host.Sync;

/// <summary>What a route demands of its caller.</summary>
internal enum SyncAccess
{
    /// <summary>Nothing.</summary>
    Open,

    /// <summary>A name, which need not be proven: the body carries its own proof.</summary>
    Named,

    /// <summary>A token, or the name of a user who lately had a socket from the same address.</summary>
    Proven,
}
