namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.identity.jwt</c>: tokens signed with an RSA key of the operator's own.</summary>
internal sealed record JwtSettings
{
    /// <summary>PEM, PEM with <c>\n</c> written out, or base64 of PEM; empty when not used.</summary>
    public required string PublicKey { get; init; }

    /// <summary>As <see cref="PublicKey"/>. Only <c>peersync token</c> needs it.</summary>
    public required Secret PrivateKey { get; init; }

    /// <summary>The file to read when <see cref="PublicKey"/> is empty; empty when not used.</summary>
    public required string PublicKeyPath { get; init; }

    /// <summary>The file to read when <see cref="PrivateKey"/> is empty; empty when not used.</summary>
    public required string PrivateKeyPath { get; init; }

    /// <summary>The <c>iss</c> that tokens must carry.</summary>
    public required string Issuer { get; init; }

    /// <summary>The <c>aud</c> that tokens must carry.</summary>
    public required string Audience { get; init; }

    /// <summary>The lifetime of the tokens that <c>peersync token</c> signs.</summary>
    public required TimeSpan Expiration { get; init; }
}
