namespace PeerSync.Storage.Sharing;

/// <summary>What texts of clients have to be to be kept as they are.</summary>
internal static class SharingText
{
    /// <summary>Whether a text is there, within its limit, and one that both engines can hold.</summary>
    public static bool IsWithin(string text, int maxLength) => text.Length > 0 && text.Length <= maxLength && StorableText.IsStorable(text);

    /// <summary>Refuses what is not <see cref="IsWithin"/>: texts that were cleaned into one would be one.</summary>
    public static void Require(string text, int maxLength, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        if (!IsWithin(text, maxLength))
        {
            throw new ArgumentException($"A text of at most {maxLength} characters, without U+0000 and without half characters, is needed.", name);
        }
    }
}
