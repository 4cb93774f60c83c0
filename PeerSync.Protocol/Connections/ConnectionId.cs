namespace PeerSync.Protocol.Connections;

/// <summary>One accepted socket, for its lifetime. Never reused by a process.</summary>
/// <param name="Value">The identifier as it stands on the wire; compared ordinally.</param>
public readonly record struct ConnectionId(string Value)
{
    /// <summary>The identifier as it stands on the wire; empty for the default value.</summary>
    public override string ToString() => Value ?? string.Empty;
}
