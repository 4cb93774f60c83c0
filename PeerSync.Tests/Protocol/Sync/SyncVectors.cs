using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sync;

namespace PeerSync.Tests.Protocol.Sync;

/// <summary>The values that the original's cryptography produced from fixed inputs.</summary>
internal static class SyncVectors
{
    public static readonly JsonElement Root = Load();

    public static readonly SyncServerIdentity Server = SyncServerIdentity.Parse(Text("inputs", "server_identity", "seed_hex"));

    public static string Text(params string[] path) => Element(path).GetString()!;

    public static byte[] Bytes(params string[] path) => Convert.FromHexString(Text(path));

    public static JsonElement Element(params string[] path)
    {
        var element = Root;
        foreach (var name in path)
        {
            element = element.GetProperty(name);
        }

        return element;
    }

    /// <summary>Lets a writer write and returns the text.</summary>
    public static string Write(Action<MessageBuffer> write)
    {
        var buffer = MessageBuffer.Rent();
        write(buffer);
        var text = Encoding.UTF8.GetString(buffer.Span);
        buffer.Release();
        return text;
    }

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Sync", "vectors.json")));
        return document.RootElement.Clone();
    }
}
