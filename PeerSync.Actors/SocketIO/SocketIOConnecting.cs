namespace PeerSync.Actors.SocketIO;

/// <summary>
/// The first message to a socket's actor: a client wants to join. The actor answers by <see cref="ISocketIOSocket.Accept"/> or
/// <see cref="ISocketIOSocket.Refuse"/>.
/// </summary>
/// <param name="Auth">The client's <c>auth</c> as JSON, an object; empty where it sent none.</param>
/// <param name="Query">The query behind the namespace's name; empty with nearly all clients.</param>
public sealed record SocketIOConnecting(ReadOnlyMemory<byte> Auth, ReadOnlyMemory<byte> Query);
