using System.Security.Cryptography;
using System.Text;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Identity;

/// <summary>Reads RSA keys in the forms that settings and files have them: PEM, PEM with <c>\n</c> written out, base64 of either.</summary>
internal static class RsaKeyText
{
    private const string PemMark = "-----BEGIN";

    /// <summary>Reads a public key (<c>PUBLIC KEY</c> or <c>RSA PUBLIC KEY</c>).</summary>
    /// <param name="text">The key.</param>
    /// <param name="setting">The setting it comes from, for the message.</param>
    /// <exception cref="IdentityConfigurationException">It is no such key, or too short or too long.</exception>
    public static RSAParameters ReadPublic(string text, string setting) => Read(text, setting, "public", ["PUBLIC KEY", "RSA PUBLIC KEY"]);

    /// <summary>Reads a private key (<c>PRIVATE KEY</c> or <c>RSA PRIVATE KEY</c>, not encrypted).</summary>
    /// <param name="text">The key.</param>
    /// <param name="setting">The setting it comes from, for the message.</param>
    /// <exception cref="IdentityConfigurationException">It is no such key, or too short or too long.</exception>
    public static RSAParameters ReadPrivate(string text, string setting) => Read(text, setting, "private", ["PRIVATE KEY", "RSA PRIVATE KEY"]);

    private static RSAParameters Read(string text, string setting, string kind, string[] labels)
    {
        var pem = ToPem(text);
        if (pem is null || !PemEncoding.TryFind(pem, out var fields))
        {
            throw new IdentityConfigurationException($"{setting} is not PEM, PEM with \\n for line breaks, or base64 of PEM.");
        }

        var label = pem[fields.Label];
        if (!labels.Contains(label))
        {
            throw new IdentityConfigurationException($"{setting} holds '{label}' where an RSA {kind} key ('{labels[0]}') is expected.");
        }

        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem[fields.Location]);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new IdentityConfigurationException($"{setting} is not an RSA {kind} key.");
        }

        if (rsa.KeySize is < VerificationKey.MinRsaBits or > VerificationKey.MaxRsaBits)
        {
            throw new IdentityConfigurationException(
                $"{setting} has {rsa.KeySize} bits; {VerificationKey.MinRsaBits} to {VerificationKey.MaxRsaBits} are accepted.");
        }

        return rsa.ExportParameters(includePrivateParameters: kind == "private");
    }

    private static string? ToPem(string text)
    {
        if (!text.Contains(PemMark, StringComparison.Ordinal))
        {
            var bytes = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, bytes, out var length))
            {
                return null;
            }

            text = Encoding.UTF8.GetString(bytes, 0, length);
        }

        return text.Replace("\\r", string.Empty, StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
    }
}
