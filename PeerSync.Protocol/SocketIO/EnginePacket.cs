namespace PeerSync.Protocol.SocketIO;

/// <summary>One packet of a polling payload, as a slice of it.</summary>
/// <param name="Type">The type; binary packets are messages.</param>
/// <param name="Start">Where it begins: at its type, or behind the prefix of a binary one.</param>
/// <param name="Length">Its length in bytes, type included.</param>
/// <param name="IsBinary">Whether the slice is base64 of a binary message.</param>
public readonly record struct EnginePacket(EnginePacketType Type, int Start, int Length, bool IsBinary);
