using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeerSync.Host.Http;

/// <summary>The JSON of the shared answers, and the options that every feature's context is made with.</summary>
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(BareErrorEnvelope))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>The context that answers are written with.</summary>
    public static HttpJson Wire { get; } = new(CreateOptions());

    /// <summary>Member names in camel case; nothing escaped that JSON allows as it is, so that a time's <c>+00:00</c> stays readable.</summary>
    public static JsonSerializerOptions CreateOptions() => new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
