using System.Text.Json;

namespace PeerSync.Host.Sharing;

/// <summary>Reads members of request bodies. What is refused is null, and the same for all that is wrong with it: clients show one text.</summary>
internal static class SharingInput
{
    /// <summary>A text that has to be there: 1 to <paramref name="maxLength"/> UTF-16 units that both databases can hold.</summary>
    public static string? Text(JsonElement json, string name, int maxLength) =>
        SharingBody.Text(json, name) is { Length: > 0 } text && text.Length <= maxLength && !text.Contains('\0', StringComparison.Ordinal) ? text : null;

    /// <summary>As <see cref="Text"/>, or <paramref name="missing"/> where there is no such member.</summary>
    public static string? TextOr(JsonElement json, string name, int maxLength, string missing) =>
        json.TryGetProperty(name, out _) ? Text(json, name, maxLength) : missing;

    /// <summary>A whole number, or <paramref name="missing"/> where there is no such member.</summary>
    public static int? WholeOr(JsonElement json, string name, int min, int max, int missing) =>
        !json.TryGetProperty(name, out var member) ? missing : Whole(member, min, max);

    /// <summary>A whole number, however it is written: 1000 is 1000.0 and 1e3.</summary>
    public static int? Whole(JsonElement member, int min, int max) =>
        member.ValueKind == JsonValueKind.Number && member.TryGetDouble(out var number) && number >= min && number <= max && number == Math.Floor(number)
            ? (int)number
            : null;
}
