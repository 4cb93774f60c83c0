namespace PeerSync.Host.Configuration;

/// <summary>A TLS certificate: a PEM file with its key file, or one PKCS#12 file that holds both.</summary>
internal sealed record CertificateSettings
{
    /// <summary>The certificate's file, with the intermediates if there are any.</summary>
    public required string Path { get; init; }

    /// <summary>The PEM private key's file; empty when <see cref="Path"/> is a PKCS#12 file or holds the key as well.</summary>
    public required string KeyPath { get; init; }

    /// <summary>The password of the PKCS#12 file or of the encrypted key; empty when there is none.</summary>
    public required Secret Password { get; init; }
}
