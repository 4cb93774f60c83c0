using System.Text.Json;
using System.Text.Json.Serialization;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Who GitHub has named, as a handshake keeps it until the person at the browser has confirmed.</summary>
[JsonSerializable(typeof(SharingProfile))]
internal sealed partial class HandshakeProfile : JsonSerializerContext
{
    /// <summary>As text.</summary>
    public static string Write(SharingProfile profile) => JsonSerializer.Serialize(profile, Default.SharingProfile);

    /// <summary>From text.</summary>
    public static SharingProfile Read(string text) =>
        JsonSerializer.Deserialize(text, Default.SharingProfile) ?? throw new InvalidDataException("A handshake has lost whom it is about.");
}
