using System.Collections.Frozen;

namespace PeerSync.Protocol.Calls;

/// <summary>The languages that metrics tell apart.</summary>
public static class CallsLanguages
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            "ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he",
            "hi", "hu", "id", "it", "ja", "ko", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "ur", "vi", "zh",
        ],
        StringComparer.Ordinal);

    /// <summary>The name for a metric's label: the language where it is known, else <c>other</c>, because clients choose languages freely.</summary>
    public static string Label(string language) => Known.Contains(language) ? language : "other";
}
