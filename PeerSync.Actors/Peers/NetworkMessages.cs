using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;

namespace PeerSync.Actors.Peers;

/// <summary>A message to one network.</summary>
public interface INetworkMessage
{
    /// <summary>The network it is for.</summary>
    NetworkId NetworkId { get; }
}

/// <summary>How a registered peer appears in its network.</summary>
/// <param name="UserId">Who it is.</param>
/// <param name="Profile">How it presents itself.</param>
/// <param name="Status">How available it is.</param>
/// <param name="AddressTag">Its hashed address, which decides between LAN and REMOTE.</param>
public sealed record PeerEntry(UserId UserId, PeerProfile Profile, PeerStatus Status, string AddressTag);

/// <summary>A peer is there, or appears differently than before; the others are told.</summary>
/// <param name="NetworkId">The network.</param>
/// <param name="Entry">How it appears.</param>
/// <param name="Introduce">Whether the peer itself is told who else is there, because it has moved here while connected.</param>
public sealed record PeerPresent(NetworkId NetworkId, PeerEntry Entry, bool Introduce) : IEntityMessage, INetworkMessage;

/// <summary>A peer is gone; the others are told.</summary>
/// <param name="NetworkId">The network.</param>
/// <param name="UserId">Who is gone.</param>
/// <param name="Moved">Whether the peer is still connected and is told that the others are out of its sight.</param>
public sealed record PeerAbsent(NetworkId NetworkId, UserId UserId, bool Moved) : IEntityMessage, INetworkMessage;

/// <summary>Asks who is there. The sender gets the encoded list as a <see cref="Protocol.Buffers.MessageBuffer"/>.</summary>
/// <param name="NetworkId">The network.</param>
/// <param name="UserId">Who asks; never listed.</param>
/// <param name="AddressTag">The asker's hashed address.</param>
/// <param name="Filter">Whom to list.</param>
public sealed record ListPeers(NetworkId NetworkId, UserId UserId, string AddressTag, PeersFilter Filter) : IEntityMessage, INetworkMessage;
