namespace PeerSync.Host.Configuration;

/// <summary>A setting that must reach neither a log nor a terminal: whatever prints it prints asterisks.</summary>
internal readonly record struct Secret
{
    private readonly string? _value;

    public Secret(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
    }

    /// <summary>What stands for a secret in everything that is printed.</summary>
    public const string Mask = "***";

    /// <summary>No secret, which is how a setting left empty reads.</summary>
    public static Secret None => default;

    /// <summary>The secret itself; the empty string when <see cref="IsEmpty"/>.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Whether the setting was left empty.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_value);

    /// <summary>The mask, or nothing where there is nothing to hide.</summary>
    public override string ToString() => IsEmpty ? string.Empty : Mask;
}
