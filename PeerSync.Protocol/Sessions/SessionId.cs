namespace PeerSync.Protocol.Sessions;

/// <summary>One session between two peers.</summary>
/// <param name="Value">The identifier as it stands on the wire; compared ordinally.</param>
public readonly record struct SessionId(string Value)
{
    /// <summary>The identifier as it stands on the wire; empty for the default value.</summary>
    public override string ToString() => Value ?? string.Empty;
}
