namespace PeerSync.Actors.SocketIO;

/// <summary>The last message to a socket's actor, whoever ended it. What is sent to the socket afterwards is dropped.</summary>
/// <param name="Reason">Why.</param>
public sealed record SocketIODisconnected(SocketIODisconnectReason Reason);
