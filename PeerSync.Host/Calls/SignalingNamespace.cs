using PeerSync.Actors.Calls;
using PeerSync.Actors.SocketIO;
using PeerSync.Host.SocketIO;
using PeerSync.Kernel;

namespace PeerSync.Host.Calls;

/// <summary>The namespace <c>/signaling</c>.</summary>
internal sealed class SignalingNamespace(CallsServices services) : ISocketIOApplication
{
    /// <inheritdoc />
    public Props CreateActor(ISocketIOSocket socket) => Props.Create(() => new CallsConnectionActor(socket, services));
}
