using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Identity;

/// <summary>Issues tokens of the local issuer (Peers contract, section 4.5).</summary>
internal sealed class TokenMinter(SigningKey key, LocalIssuerOptions options, TimeProvider timeProvider)
{
    /// <summary>Makes a minter with the private key that a server with these options uses, so that it accepts the tokens.</summary>
    /// <exception cref="IdentityConfigurationException">There is no private key, or it cannot be used.</exception>
    public static TokenMinter Create(IdentityOptions options, TimeProvider timeProvider)
    {
        var key = LocalKeys.Resolve(options)?.SigningKey
            ?? throw new IdentityConfigurationException("Issuing a token needs the local private key: set JWT_PRIVATE_KEY or JWT_PRIVATE_KEY_PATH.");
        return new TokenMinter(key, options.Local, timeProvider);
    }

    /// <summary>Issues a token.</summary>
    /// <exception cref="ArgumentException">The subject or the lifetime is out of range.</exception>
    public string Mint(TokenRequest request)
    {
        if (request.UserId.Length is 0 or > TokenClaims.MaxSubjectLength || request.UserId.Any(char.IsControl))
        {
            throw new ArgumentException($"A user id has 1 to {TokenClaims.MaxSubjectLength} characters and no control characters.", nameof(request));
        }

        var lifetime = request.Lifetime ?? options.TokenLifetime;
        if (lifetime <= TimeSpan.Zero || lifetime > TokenLifetime.Max)
        {
            throw new ArgumentException($"A token is in force for more than nothing and at most {TokenLifetime.Max.Days} days.", nameof(request));
        }

        var now = timeProvider.GetUtcNow();
        return TokenWriter.Write(key, writer =>
        {
            writer.WriteString("sub"u8, request.UserId);
            if (request.Email is not null)
            {
                writer.WriteString("email"u8, request.Email);
            }

            if (request.Name is not null)
            {
                writer.WriteString("name"u8, request.Name);
            }

            writer.WriteStartArray("roles"u8);
            foreach (var role in request.Roles)
            {
                writer.WriteStringValue(role);
            }

            writer.WriteEndArray();
            writer.WriteString("iss"u8, options.Issuer);
            writer.WriteString("aud"u8, options.Audience);
            writer.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
            writer.WriteNumber("exp"u8, (now + lifetime).ToUnixTimeSeconds());
        });
    }
}
