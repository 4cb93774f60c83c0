using System.Text.Json;

namespace PeerSync.Protocol.Json;

/// <summary>How PeerSync reads JSON.</summary>
internal static class JsonSyntax
{
    /// <summary>
    /// Strict JSON of any depth. <see cref="Utf8JsonReader"/> keeps one bit per level and no stack frame, so the size of a message bounds its depth
    /// well enough, and relayed content may be as deep as its sender likes.
    /// </summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };
}
