using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Sync;

namespace PeerSync.Bench.Crash;

/// <summary>A WebSocket of the Sync feature on which a device has logged in.</summary>
/// <remarks>One caller may send while another receives.</remarks>
internal sealed class SyncSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    private SyncSocket()
    {
    }

    /// <summary>The device's highest number that the server has, as told at login.</summary>
    public long LastAckDeviceSeq { get; private set; }

    /// <summary>When the login was sent, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public long LogInSent { get; private set; }

    /// <summary>The code with which the server has closed the socket; null when it was cut.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="WebSocketException">The server is away, or goes away meanwhile.</exception>
    /// <exception cref="SyncSocketClosedException">The server closes the socket instead.</exception>
    public static async Task<SyncSocket> LogInAsync(Uri address, CrashUser user, Guid deviceId, CancellationToken cancellationToken)
    {
        var socket = new SyncSocket();
        try
        {
            await socket._socket.ConnectAsync(address, cancellationToken);
            await socket.ShakeHandsAsync(user, deviceId, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task SendAsync(string message, CancellationToken cancellationToken) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    /// <summary>The next message; null once the server has closed the socket. Valid until the next call.</summary>
    public async Task<JsonDocument?> ReceiveAsync(CancellationToken cancellationToken)
    {
        _buffer.ResetWrittenCount();
        while (true)
        {
            var result = await _socket.ReceiveAsync(_buffer.GetMemory(4096), cancellationToken);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            _buffer.Advance(result.Count);
            if (result.EndOfMessage)
            {
                return JsonDocument.Parse(_buffer.WrittenMemory);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ShakeHandsAsync(CrashUser user, Guid deviceId, CancellationToken cancellationToken)
    {
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = ephemeral.ExportParameters(includePrivateParameters: false).Q;
        var publicKey = $"04{Convert.ToHexStringLower(point.X!)}{Convert.ToHexStringLower(point.Y!)}";
        var nonce = RandomNumberGenerator.GetHexString(64, lowercase: true);
        await SendAsync(
            SyncMessage.Of("client_hello", $$"""{"type":"client_hello","client_ephemeral_pub":"{{publicKey}}","nonce_c":"{{nonce}}"}"""), cancellationToken);
        using var hello = await ExpectAsync("server_hello", cancellationToken);
        var payload = hello.RootElement.GetProperty("payload");
        var digest = new byte[SyncSignatureText.DigestSize];
        SyncSignatureText.HashClientAuth(
            user.UserId,
            deviceId.ToString(),
            nonce,
            payload.GetProperty("nonce_s").GetString()!,
            payload.GetProperty("server_ephemeral_pub").GetString()!,
            digest);
        LogInSent = Stopwatch.GetTimestamp();
        var identity = $"\"user_id\":\"{user.UserId}\",\"device_id\":\"{deviceId}\",\"device_type\":\"desktop\"";
        await SendAsync(
            SyncMessage.Of("client_auth", $$"""{"type":"client_auth",{{identity}},"client_signature":"{{user.Sign(digest)}}","nonce_c2":"{{nonce}}"}"""),
            cancellationToken);
        using var established = await ExpectAsync("session_established", cancellationToken);
        LastAckDeviceSeq = established.RootElement.GetProperty("payload").GetProperty("last_ack_device_seq").GetInt64();
    }

    private async Task<JsonDocument> ExpectAsync(string type, CancellationToken cancellationToken)
    {
        var message = await ReceiveAsync(cancellationToken) ?? throw new SyncSocketClosedException(CloseCode, _socket.CloseStatusDescription);
        return message.RootElement.GetProperty("type").ValueEquals(type)
            ? message
            : throw new InvalidDataException($"The server sent {message.RootElement.GetRawText()} in the place of {type}.");
    }
}
