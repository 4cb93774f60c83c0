using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PeerSync.Host.Http;

namespace PeerSync.Host.Health;

/// <summary>The JSON of the health endpoints.</summary>
[JsonSerializable(typeof(LiveAnswer))]
[JsonSerializable(typeof(TimedLiveAnswer))]
[JsonSerializable(typeof(ReadyAnswer))]
[JsonSerializable(typeof(MemoryLiveAnswer))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class HealthJson : JsonSerializerContext
{
    /// <summary>The context that answers are written with.</summary>
    public static HealthJson Wire { get; } = new(HttpJson.CreateOptions());
}
