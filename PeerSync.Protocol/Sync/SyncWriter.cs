using System.Buffers;
using System.Buffers.Text;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

/// <summary>Writes what the server sends to the clients of the Sync feature (docs/spec/sync.md).</summary>
/// <remarks>
/// Each method writes the payload of one text message, unless it says otherwise. Members stand in the order that the specification gives. Nothing is
/// allocated beyond what the output needs to grow. Safe on any thread, as far as the output is. Times are milliseconds since 1970.
/// </remarks>
public static partial class SyncWriter
{
    /// <summary>The device name that others are told when a device has none.</summary>
    public const string DefaultDeviceName = "Unknown Device";

    /// <summary>The device type that others are told when a device has none.</summary>
    public const string DefaultDeviceType = "web";

    /// <summary>What <c>replay_failed</c> says.</summary>
    public const string ConcurrentReplay = "Concurrent replay request rejected. Please wait for current replay to complete.";

    /// <summary>Why <c>device_revoked</c> is sent to a device that its user removes.</summary>
    public const string RemovedByUser = "Device has been removed by user";

    /// <summary>Writes <c>session_established</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="deviceId">The device as the client wrote it.</param>
    /// <param name="lastAckDeviceSeq">The highest <c>device_seq</c> stored for it; 0 for a new one.</param>
    /// <param name="expiresAt">When the session ends.</param>
    public static void SessionEstablished(IBufferWriter<byte> output, string deviceId, long lastAckDeviceSeq, long expiresAt)
    {
        output.Write("""{"type":"session_established","payload":{"type":"session_established","device_id":"""u8);
        output.WriteString(deviceId);
        output.Write(",\"last_ack_device_seq\":"u8);
        output.WriteInteger(lastAckDeviceSeq);
        output.Write(",\"expires_at\":"u8);
        output.WriteInteger(expiresAt);
        output.Write("}}"u8);
    }

    /// <summary>Writes <c>device_status_changed</c> for a device that came.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="userId">Whose device it is.</param>
    /// <param name="deviceId">Which one, as its client wrote it.</param>
    /// <param name="deviceName">Its name, or null.</param>
    /// <param name="deviceType">Its type, or null.</param>
    /// <param name="timestamp">When it came.</param>
    public static void DeviceOnline(
        IBufferWriter<byte> output, string userId, string deviceId, string? deviceName, string? deviceType, long timestamp)
    {
        BeginDeviceStatus(output, userId, deviceId);
        output.Write(",\"device_name\":"u8);
        output.WriteString(deviceName ?? DefaultDeviceName);
        output.Write(",\"device_type\":"u8);
        output.WriteString(deviceType ?? DefaultDeviceType);
        output.Write(",\"is_online\":true"u8);
        EndWithTimestamp(output, timestamp);
    }

    /// <summary>Writes <c>device_status_changed</c> for a device that went.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="userId">Whose device it is.</param>
    /// <param name="deviceId">Which one, as its client wrote it.</param>
    /// <param name="timestamp">When it went.</param>
    public static void DeviceOffline(IBufferWriter<byte> output, string userId, string deviceId, long timestamp)
    {
        BeginDeviceStatus(output, userId, deviceId);
        output.Write(",\"is_online\":false"u8);
        EndWithTimestamp(output, timestamp);
    }

    /// <summary>Writes <c>device_paired</c>, to the other devices of a user.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="deviceId">The device that joined.</param>
    /// <param name="timestamp">When it did.</param>
    public static void DevicePaired(IBufferWriter<byte> output, string deviceId, long timestamp)
    {
        output.Write("""{"type":"device_paired","payload":{"type":"device_paired","device_id":"""u8);
        output.WriteString(deviceId);
        EndWithTimestamp(output, timestamp);
    }

    /// <summary>Writes <c>device_revoked</c>, to the device that loses its access.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="reason">Why, for people: <see cref="RemovedByUser"/> for instance.</param>
    /// <param name="timestamp">When.</param>
    public static void DeviceRevoked(IBufferWriter<byte> output, string reason, long timestamp)
    {
        output.Write("""{"type":"device_revoked","payload":{"type":"device_revoked","reason":"""u8);
        output.WriteString(reason);
        EndWithTimestamp(output, timestamp);
    }

    /// <summary>Writes <c>pairing_initiated</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="code">Six digits.</param>
    /// <param name="expiresIn">How long it is valid, in milliseconds.</param>
    public static void PairingInitiated(IBufferWriter<byte> output, string code, long expiresIn)
    {
        output.Write("""{"type":"pairing_initiated","payload":{"code":"""u8);
        output.WriteString(code);
        output.Write(",\"expiresIn\":"u8);
        output.WriteInteger(expiresIn);
        output.Write("}}"u8);
    }

    /// <summary>Writes <c>pairing_completed</c>, to the device that joined.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="linkedUserId">Whose device it is from here on.</param>
    public static void PairingCompleted(IBufferWriter<byte> output, string linkedUserId)
    {
        output.Write("""{"type":"pairing_completed","payload":{"success":true,"linkedUserId":"""u8);
        output.WriteString(linkedUserId);
        output.Write("}}"u8);
    }

    /// <summary>Writes <c>pairing_failed</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="error">One of <see cref="SyncPairingError"/>.</param>
    public static void PairingFailed(IBufferWriter<byte> output, string error)
    {
        output.Write("""{"type":"pairing_failed","payload":{"error":"""u8);
        output.WriteString(error);
        output.Write("}}"u8);
    }

    /// <summary>Writes <c>session_expiring_soon</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="expiresInSeconds">Whole seconds from here to the end of the session.</param>
    /// <param name="expiresAt">When that is.</param>
    public static void SessionExpiringSoon(IBufferWriter<byte> output, long expiresInSeconds, long expiresAt)
    {
        output.Write("""{"type":"session_expiring_soon","payload":{"type":"session_expiring_soon","expires_in_seconds":"""u8);
        output.WriteInteger(expiresInSeconds);
        output.Write(",\"expires_at\":"u8);
        output.WriteInteger(expiresAt);
        output.Write("}}"u8);
    }

    /// <summary>Writes <c>pong</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="timestamp">The server's time.</param>
    public static void Pong(IBufferWriter<byte> output, long timestamp)
    {
        output.Write("""{"type":"pong","payload":{"timestamp":"""u8);
        output.WriteInteger(timestamp);
        output.Write("}}"u8);
    }

    /// <summary>Writes <c>scratchpad_sync</c>, as another device sent it.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="payload">The sender's <see cref="SyncEnvelope.Body"/>: any JSON value, or nothing when there was none.</param>
    public static void ScratchpadSync(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        output.Write("{\"type\":\"scratchpad_sync\""u8);
        if (!payload.IsEmpty)
        {
            output.Write(",\"payload\":"u8);
            output.Write(payload);
        }

        output.Write("}"u8);
    }

    /// <summary>Writes <c>server_hello</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="ephemeralPublicKey">130 hex digits.</param>
    /// <param name="identityPublicKey">64 hex digits.</param>
    /// <param name="signature">64 bytes.</param>
    /// <param name="nonceS">64 hex digits.</param>
    internal static void ServerHello(
        IBufferWriter<byte> output, string ephemeralPublicKey, string identityPublicKey, ReadOnlySpan<byte> signature, string nonceS)
    {
        output.Write("""{"type":"server_hello","payload":{"type":"server_hello","server_ephemeral_pub":"""u8);
        output.WriteString(ephemeralPublicKey);
        output.Write(",\"server_identity_pub\":"u8);
        output.WriteString(identityPublicKey);
        output.Write(",\"server_signature\":\""u8);
        Convert.TryToHexStringLower(signature, output.GetSpan(2 * signature.Length), out var written);
        output.Advance(written);
        output.Write("\",\"nonce_s\":"u8);
        output.WriteString(nonceS);
        output.Write("}}"u8);
    }

    private static void BeginDeviceStatus(IBufferWriter<byte> output, string userId, string deviceId)
    {
        output.Write("""{"type":"device_status_changed","payload":{"type":"device_status_changed","user_id":"""u8);
        output.WriteString(userId);
        output.Write(",\"device_id\":"u8);
        output.WriteString(deviceId);
    }

    private static void EndWithTimestamp(IBufferWriter<byte> output, long timestamp)
    {
        output.Write(",\"timestamp\":"u8);
        output.WriteInteger(timestamp);
        output.Write("}}"u8);
    }

    private static void WriteUuid(IBufferWriter<byte> output, Guid value)
    {
        var span = output.GetSpan(DeviceId.TextLength + 2);
        span[0] = (byte)'"';
        _ = Utf8Formatter.TryFormat(value, span[1..], out _);
        span[DeviceId.TextLength + 1] = (byte)'"';
        output.Advance(DeviceId.TextLength + 2);
    }
}
