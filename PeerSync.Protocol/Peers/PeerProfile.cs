namespace PeerSync.Protocol.Peers;

/// <summary>What others see of a peer.</summary>
/// <param name="DisplayName">Not empty; free of control characters and lone surrogates.</param>
/// <param name="Role">A free text, likewise; <see cref="DefaultRole"/> when the client gave none.</param>
/// <param name="Ide">A free text, likewise; <see cref="DefaultIde"/> when the client gave none.</param>
/// <param name="PublicKey">32 bytes in base64 (44 characters) for end-to-end encryption between clients, or null when the client gave none.</param>
public sealed record PeerProfile(string DisplayName, string Role, string Ide, string? PublicKey)
{
    /// <summary>The role of a client that gives none.</summary>
    public const string DefaultRole = "guest";

    /// <summary>The editor of a client that gives none.</summary>
    public const string DefaultIde = "other";

    /// <summary>The display name when neither the client nor its token gives one.</summary>
    public const string DefaultDisplayName = "User";

    /// <summary>The longest role and the longest editor name, in UTF-16 code units; longer ones are cut.</summary>
    public const int MaxLabelLength = 64;

    /// <summary>The length of a public key in bytes.</summary>
    public const int PublicKeyLength = 32;
}
