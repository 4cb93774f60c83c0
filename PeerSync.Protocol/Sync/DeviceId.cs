using System.Buffers.Text;
using System.Text;

namespace PeerSync.Protocol.Sync;

/// <summary>One device of a user.</summary>
/// <param name="Value">The UUID; its text may come in either case, and so is kept apart where it is signed or sent back.</param>
public readonly record struct DeviceId(Guid Value)
{
    /// <summary>The length of the canonical form, in characters.</summary>
    public const int TextLength = 36;

    /// <summary>Whether the UUID is of version 4, the only one that a device may log in with.</summary>
    public bool IsVersion4 => Value.Version == 4;

    /// <summary>Reads the canonical form with its four hyphens, in either case.</summary>
    /// <param name="utf8">The text, of any length.</param>
    /// <param name="deviceId">The device; the default value where refused.</param>
    /// <returns>False for every other form. Any version is accepted: see <see cref="IsVersion4"/>.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out DeviceId deviceId)
    {
        var parsed = SyncText.TryParseUuid(utf8, out var value);
        deviceId = new DeviceId(value);
        return parsed;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out DeviceId)"/>
    /// <param name="text">The text, of any length, or null.</param>
    /// <param name="deviceId">The device; the default value where refused.</param>
    public static bool TryParse(string? text, out DeviceId deviceId)
    {
        Span<byte> utf8 = stackalloc byte[TextLength];
        if (text is { Length: TextLength } && Ascii.FromUtf16(text, utf8, out _) == System.Buffers.OperationStatus.Done)
        {
            return TryParse(utf8, out deviceId);
        }

        deviceId = default;
        return false;
    }

    /// <summary>Writes the canonical form in lower case.</summary>
    /// <param name="destination">At least <see cref="TextLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void Write(Span<byte> destination)
    {
        if (!Utf8Formatter.TryFormat(Value, destination, out _))
        {
            throw new ArgumentException($"A device id needs {TextLength} bytes.", nameof(destination));
        }
    }

    /// <summary>The canonical form in lower case.</summary>
    public override string ToString() => Value.ToString("d");
}
