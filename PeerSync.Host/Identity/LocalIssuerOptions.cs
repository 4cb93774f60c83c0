namespace PeerSync.Host.Identity;

/// <summary>The keys and names of tokens that this installation issues itself (Peers contract, section 4.5).</summary>
/// <remarks>A key may be PEM, PEM with <c>\n</c> written out, or base64 of the PEM. A value wins over a path.</remarks>
internal sealed record LocalIssuerOptions
{
    /// <summary>Where a public key is looked for when no setting names one.</summary>
    public const string DefaultPublicKeyPath = "./keys/public.pem";

    /// <summary>Where a private key is looked for when no setting names one.</summary>
    public const string DefaultPrivateKeyPath = "./keys/private.pem";

    /// <summary><c>JWT_PUBLIC_KEY</c>.</summary>
    public string? PublicKey { get; init; }

    /// <summary><c>JWT_PRIVATE_KEY</c>. Only needed to issue tokens; the public key follows from it.</summary>
    public string? PrivateKey { get; init; }

    /// <summary><c>JWT_PUBLIC_KEY_PATH</c>. Null: <see cref="DefaultPublicKeyPath"/>, if there is such a file.</summary>
    public string? PublicKeyPath { get; init; }

    /// <summary><c>JWT_PRIVATE_KEY_PATH</c>. Null: <see cref="DefaultPrivateKeyPath"/>, if there is such a file.</summary>
    public string? PrivateKeyPath { get; init; }

    /// <summary><c>JWT_ISSUER</c>: what <c>iss</c> must be.</summary>
    public string Issuer { get; init; } = "peersync-dev-connect";

    /// <summary><c>JWT_AUDIENCE</c>: what <c>aud</c> must be or contain.</summary>
    public string Audience { get; init; } = "peersync-clients";

    /// <summary><c>JWT_EXPIRATION</c>: how long an issued token is in force.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);
}
