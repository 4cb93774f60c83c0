using System.Text;

namespace PeerSync.Protocol.Sync;

/// <summary>The usual stream ids and event types as shared strings. A fixed set, so that no client can make it grow.</summary>
internal static class SyncNames
{
    public static string GetStreamId(ReadOnlySpan<byte> ascii) => ascii switch
    {
        _ when ascii.SequenceEqual("clipboard:main"u8) => "clipboard:main",
        _ when ascii.SequenceEqual("messages:main"u8) => "messages:main",
        _ when ascii.SequenceEqual("scratchpad:main"u8) => "scratchpad:main",
        _ when ascii.SequenceEqual("files:main"u8) => "files:main",
        _ => Encoding.ASCII.GetString(ascii),
    };

    public static string GetEventType(ReadOnlySpan<byte> ascii) => ascii switch
    {
        _ when ascii.SequenceEqual("clipboard:text"u8) => "clipboard:text",
        _ when ascii.SequenceEqual("message:text"u8) => "message:text",
        _ when ascii.SequenceEqual("message:self_destruct"u8) => "message:self_destruct",
        _ when ascii.SequenceEqual("scratchpad:op"u8) => "scratchpad:op",
        _ when ascii.SequenceEqual("file:metadata"u8) => "file:metadata",
        _ when ascii.SequenceEqual("file:chunk"u8) => "file:chunk",
        _ => Encoding.ASCII.GetString(ascii),
    };
}
