using PeerSync.Protocol.Identity;

namespace PeerSync.Protocol.Peers;

/// <summary>One peer as another one sees it.</summary>
/// <param name="Id">Who it is.</param>
/// <param name="Profile">What it says about itself.</param>
/// <param name="Status">Its status.</param>
/// <param name="Mode">How it stands to the one who is told.</param>
public readonly record struct PeerListEntry(UserId Id, PeerProfile Profile, PeerStatus Status, ConnectionMode Mode);
