using System.Text.Json;
using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Tests.Configuration.Hocon;

/// <summary>Resolves HOCON and shows the outcome as compact JSON, so that a test reads as text in, text out.</summary>
internal static class HoconText
{
    public static readonly IReadOnlyDictionary<string, string> NoEnvironment = new Dictionary<string, string>();

    public static HoconObject Resolve(string text, params (string Name, string Value)[] environment) =>
        HoconDocument.ParseText(text, "test.conf").Resolve(environment.ToDictionary(static v => v.Name, static v => v.Value));

    public static string ToJson(string text, params (string Name, string Value)[] environment) => ToJson(Resolve(text, environment));

    public static HoconException Fails(string text, params (string Name, string Value)[] environment) =>
        Assert.Throws<HoconException>(() => Resolve(text, environment));

    public static string ToJson(HoconValue value) => value switch
    {
        HoconObject container => $"{{{string.Join(',', container.Fields.Select(static f => $"{JsonSerializer.Serialize(f.Key)}:{ToJson(f.Value)}"))}}}",
        HoconArray array => $"[{string.Join(',', array.Items.Select(ToJson))}]",
        HoconScalar { Kind: HoconValueKind.String } text => JsonSerializer.Serialize(text.Text),
        HoconScalar scalar => scalar.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
