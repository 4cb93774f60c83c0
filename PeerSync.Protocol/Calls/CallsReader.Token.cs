using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Calls;

/// <content>The token that a socket joins with.</content>
public static partial class CallsReader
{
    private const string Scheme = "Bearer ";

    /// <summary>The token in the payload of a socket's CONNECT; null where there is none, or not in the form <c>Bearer TOKEN</c>.</summary>
    /// <param name="auth">The payload's JSON, an object; empty for none.</param>
    public static string? ReadToken(ReadOnlySpan<byte> auth)
    {
        if (!TryOpen(auth, out var json, out _))
        {
            return null;
        }

        JsonValue token = default;
        var reader = Begin(json);
        while (JsonName.TryRead(ref reader, out var name))
        {
            Slot(name, JsonValue.Read(ref reader, json), "token"u8, ref token);
        }

        return token.Type == JsonTokenType.String ? ReadBearer(token.GetText()) : null;
    }

    /// <summary>The token of <c>Bearer TOKEN</c>: exactly so, with one blank; null for anything else.</summary>
    public static string? ReadBearer(string? text) => text is not null && text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..] : null;
}
