namespace PeerSync.Host.SocketIO;

/// <summary>What speaks on the sessions of an Engine.IO server.</summary>
internal interface IEngineApplication
{
    /// <summary>Called once for a new session, whose open packet is queued already. Must not block.</summary>
    IEngineReceiver Open(EngineSession session);
}
