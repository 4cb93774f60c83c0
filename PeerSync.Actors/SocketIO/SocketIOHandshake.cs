namespace PeerSync.Actors.SocketIO;

/// <summary>What the request that opened a session said.</summary>
/// <param name="Query">Its query as sent, without the question mark.</param>
/// <param name="Authorization">Its <c>Authorization</c> header, or null.</param>
/// <param name="Origin">Its <c>Origin</c> header, or null.</param>
public sealed record SocketIOHandshake(string Query, string? Authorization, string? Origin);
