namespace PeerSync.Protocol.Identity;

/// <summary>The subject of a verified token: one person, whatever the number of sockets.</summary>
/// <param name="Value">The identifier as it stands on the wire; compared ordinally.</param>
public readonly record struct UserId(string Value)
{
    /// <summary>The identifier as it stands on the wire; empty for the default value.</summary>
    public override string ToString() => Value ?? string.Empty;
}
