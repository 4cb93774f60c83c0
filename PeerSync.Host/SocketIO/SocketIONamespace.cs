namespace PeerSync.Host.SocketIO;

/// <summary>A namespace that is served.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Utf8">Its name as it stands on the wire.</param>
/// <param name="Application">What it does.</param>
internal sealed record SocketIONamespace(string Name, byte[] Utf8, ISocketIOApplication Application);
