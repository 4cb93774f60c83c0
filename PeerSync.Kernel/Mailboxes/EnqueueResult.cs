namespace PeerSync.Kernel;

/// <summary>What became of a message that was to pass a gate.</summary>
internal enum EnqueueResult
{
    Enqueued,

    /// <summary>The actor has stopped.</summary>
    Closed,

    /// <summary>The gate was shut: the message belongs somewhere else.</summary>
    GateShut,
}
