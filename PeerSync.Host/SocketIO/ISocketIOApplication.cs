using PeerSync.Actors.SocketIO;
using PeerSync.Kernel;

namespace PeerSync.Host.SocketIO;

/// <summary>What one namespace does.</summary>
internal interface ISocketIOApplication
{
    /// <summary>What to start as the actor of a client that wants to join.</summary>
    /// <returns>
    /// Null where the namespace has nothing to say: everybody may join and nobody is heard. To have joined such a one alone is to have joined none, so the
    /// connect timeout ends its sessions.
    /// </returns>
    Props? CreateActor(ISocketIOSocket socket);
}
