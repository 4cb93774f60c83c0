using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Calls;

/// <summary>What a token says.</summary>
/// <param name="DeviceId">The device that it was issued to.</param>
/// <param name="IsModerator">Whether it was issued to somebody who proved to be a moderator; whether the device still is one is another question.</param>
/// <param name="IssuedAt">To the second.</param>
/// <param name="ExpiresAt">To the second.</param>
public sealed record CallsTokenClaims(string DeviceId, bool IsModerator, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

/// <summary>What became of a token's verification.</summary>
public enum CallsTokenStatus
{
    /// <summary>Issued by this server and in time.</summary>
    Valid,

    /// <summary>Not one of this server's, or its time is over.</summary>
    Invalid,

    /// <summary>Signed with the server's key and in time, but it names no device.</summary>
    NoDevice,
}

/// <summary>Short tokens for devices: JSON Web Tokens signed with HS256, byte for byte as the original issues them (Calls contract, section 3.4).</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class CallsTokens
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxLength = 4096;

    private readonly SigningKey _key;
    private readonly TimeProvider _time;

    /// <param name="key">An HS256 key.</param>
    /// <param name="lifetime">How long a token is valid, at least a second; whole seconds count.</param>
    /// <param name="time">The clock.</param>
    public CallsTokens(SigningKey key, TimeSpan lifetime, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1));
        _key = key;
        _time = time;
        Lifetime = lifetime;
    }

    /// <summary>How long a token is valid.</summary>
    public TimeSpan Lifetime { get; }

    /// <summary>Issues a token; two calls within one second give the same one.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="isModerator">Whether it was proven that a moderator has the device: a claim <c>mod</c> behind the others.</param>
    /// <param name="lifetime">How long this one is valid; null for <see cref="Lifetime"/>.</param>
    /// <exception cref="ArgumentException">See <see cref="CallsDeviceId.IsValid"/>.</exception>
    public string Issue(string deviceId, bool isModerator = false, TimeSpan? lifetime = null)
    {
        if (!CallsDeviceId.IsValid(deviceId))
        {
            throw new ArgumentException("Not a device id.", nameof(deviceId));
        }

        var issuedAt = _time.GetUtcNow().ToUnixTimeSeconds();
        var name = Quote(deviceId);
        var expiresAt = issuedAt + (long)(lifetime ?? Lifetime).TotalSeconds;
        var payload = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $$"""{"sub":{{name}},"deviceId":{{name}},"iat":{{issuedAt}},"exp":{{expiresAt}}{{(isModerator ? ",\"mod\":true" : "")}}}""");
        return TokenWriter.Write(_key, Encoding.UTF8.GetBytes(payload));
    }

    /// <summary>Verifies a token. Nothing is thrown for what it contains.</summary>
    /// <param name="token">The compact form.</param>
    /// <param name="claims">What it says; null unless the result is <see cref="CallsTokenStatus.Valid"/>.</param>
    public CallsTokenStatus Verify(ReadOnlySpan<char> token, out CallsTokenClaims? claims)
    {
        claims = null;
        if (token.Length > MaxLength
            || !JsonWebToken.TryParse(token, out var parsed)
            || !parsed.Verify(_key.VerificationKey)
            || !parsed.TryReadClaims(out var registered)
            || registered.ExpiresAt is not { } expiresAt
            || _time.GetUtcNow() >= expiresAt)
        {
            return CallsTokenStatus.Invalid;
        }

        var (deviceId, isModerator) = ReadOwn(parsed.Payload);
        if (!CallsDeviceId.IsValid(deviceId))
        {
            return CallsTokenStatus.NoDevice;
        }

        claims = new CallsTokenClaims(deviceId!, isModerator, registered.IssuedAt ?? DateTimeOffset.UnixEpoch, expiresAt);
        return CallsTokenStatus.Valid;
    }

    // A device id has no control characters and no lone surrogates, so these two are all that JSON.stringify escapes.
    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static (string? DeviceId, bool IsModerator) ReadOwn(ReadOnlySpan<byte> payload)
    {
        string? deviceId = null;
        var isModerator = false;
        var reader = new Utf8JsonReader(payload, JsonSyntax.Options);
        reader.Read();
        while (JsonMember.TryRead(ref reader, payload, out var member))
        {
            if (member.Name.Is("deviceId"u8))
            {
                deviceId = member.Value.GetText();
            }
            else if (member.Name.Is("mod"u8))
            {
                isModerator = member.Value.Text.SequenceEqual("true"u8);
            }
        }

        return (deviceId, isModerator);
    }
}
