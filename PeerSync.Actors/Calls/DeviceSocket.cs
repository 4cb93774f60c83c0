using PeerSync.Kernel;
using PeerSync.Protocol.Connections;

namespace PeerSync.Actors.Calls;

/// <summary>One of a device's sockets.</summary>
internal sealed class DeviceSocket(ConnectionId connectionId, IActorRef actor)
{
    internal ConnectionId ConnectionId => connectionId;

    internal IActorRef Actor => actor;

    /// <summary>The wait that its client was told of: the same join again is not answered.</summary>
    internal DeviceWait? ToldOf { get; set; }

    /// <summary>The call that began while it was open.</summary>
    internal DeviceCall? Saw { get; set; }
}
