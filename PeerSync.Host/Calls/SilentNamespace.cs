using PeerSync.Actors.SocketIO;
using PeerSync.Host.SocketIO;
using PeerSync.Kernel;

namespace PeerSync.Host.Calls;

/// <summary>The main namespace: everybody may join it, and it does nothing.</summary>
internal sealed class SilentNamespace : ISocketIOApplication
{
    /// <inheritdoc />
    public Props? CreateActor(ISocketIOSocket socket) => null;
}
