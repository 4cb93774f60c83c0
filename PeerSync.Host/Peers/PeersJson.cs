using System.Text.Json.Serialization;
using PeerSync.Host.Http;

namespace PeerSync.Host.Peers;

/// <summary>The JSON of the Peers endpoints.</summary>
[JsonSerializable(typeof(NetworkInfo))]
[JsonSerializable(typeof(LeftAnswer))]
[JsonSerializable(typeof(VerifiedAnswer))]
[JsonSerializable(typeof(AuthHealthAnswer))]
internal sealed partial class PeersJson : JsonSerializerContext
{
    /// <summary>The context that answers are written with.</summary>
    public static PeersJson Wire { get; } = new(HttpJson.CreateOptions());
}
