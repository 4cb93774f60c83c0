using System.Text.Json;
using System.Text.Json.Serialization;
using PeerSync.Host.Http;

namespace PeerSync.Host.Sync;

/// <summary>The JSON of the Sync endpoints. Its clients know two spellings: devices, presence and profiles are written in snake case, all else in camel case.</summary>
[JsonSerializable(typeof(SyncError))]
[JsonSerializable(typeof(UnsupportedVersionAnswer))]
[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(DeviceInfo))]
[JsonSerializable(typeof(MissingDevice))]
[JsonSerializable(typeof(RenamedAnswer))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(PresenceList))]
[JsonSerializable(typeof(ConnectedAnswer))]
[JsonSerializable(typeof(DisconnectedAnswer))]
[JsonSerializable(typeof(FileEventList))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(TokenCheckAnswer))]
[JsonSerializable(typeof(DeletedUserAnswer))]
[JsonSerializable(typeof(ProfileInfo))]
[JsonSerializable(typeof(UpdatedProfileAnswer))]
[JsonSerializable(typeof(StoredPairingAnswer))]
[JsonSerializable(typeof(PairingAnswer))]
[JsonSerializable(typeof(PairingData))]
[JsonSerializable(typeof(RevocationList))]
[JsonSerializable(typeof(SyncHealthAnswer))]
internal sealed partial class SyncJson : JsonSerializerContext
{
    /// <summary>Member names in camel case.</summary>
    public static SyncJson Camel { get; } = new(CreateOptions(JsonNamingPolicy.CamelCase));

    /// <summary>Member names in snake case.</summary>
    public static SyncJson Snake { get; } = new(CreateOptions(JsonNamingPolicy.SnakeCaseLower));

    private static JsonSerializerOptions CreateOptions(JsonNamingPolicy naming)
    {
        var options = HttpJson.CreateOptions();
        options.PropertyNamingPolicy = naming;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        return options;
    }
}
