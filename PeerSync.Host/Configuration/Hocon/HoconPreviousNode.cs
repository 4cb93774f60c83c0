namespace PeerSync.Host.Configuration.Hocon;

/// <summary>What <c>+=</c> appends to: the value of the same field without the assignment that this node is part of, or nothing.</summary>
internal sealed class HoconPreviousNode(HoconOrigin origin) : HoconNode(origin);
