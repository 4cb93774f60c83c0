using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.Sockets;

/// <summary>
/// Looks at the first bytes of a new connection before the HTTP server does. A plain WebSocket upgrade for a known path is answered here, and the
/// connection then carries nothing of the HTTP server with it; everything else, refusals included, goes on to the HTTP server untouched.
/// </summary>
/// <remarks>An upgraded HTTP/1.1 exchange would keep its request, response, features and parser for hours: more memory than the socket itself.</remarks>
internal sealed class FirstRequestUpgrade(SocketServer sockets, ServerFeatures features, ClientAddresses addresses, ConnectionDelegate next)
{
    internal async Task OnConnectionAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using (var pending = sockets.Pending.Enter(connection))
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync();
            }
            catch (Exception exception) when (exception is IOException or ConnectionAbortedException)
            {
                // Cut because it stayed silent, or reset by the client: nothing that anybody needs to be told.
                return;
            }

            var buffer = result.Buffer;
            if (!TryParse(buffer, out var upgrade, out var headLength)
                || !TryAdmit(connection, upgrade, out var addressTag))
            {
                // Nothing is consumed or examined, so the HTTP server reads the request from its first byte and answers it, refusals included.
                input.AdvanceTo(buffer.Start, buffer.Start);
            }
            else
            {
                WebSocketHandshake.WriteResponse(connection.Transport.Output, upgrade.Key, upgrade.Protocol);
                input.AdvanceTo(buffer.GetPosition(headLength));
                await FlushAsync(connection, addressTag);
                pending.Dispose();
                await sockets.RunAsync(new RawTransport(connection), upgrade, addressTag, features);
                return;
            }
        }

        await next(connection);
    }

    private async Task FlushAsync(ConnectionContext connection, string addressTag)
    {
        try
        {
            await connection.Transport.Output.FlushAsync();
        }
        catch
        {
            sockets.GiveBack(addressTag);
            throw;
        }
    }

    private static bool TryParse(in ReadOnlySequence<byte> buffer, [NotNullWhen(true)] out WebSocketUpgrade? upgrade, out int headLength)
    {
        upgrade = null;
        headLength = 0;
        if (buffer.IsSingleSegment)
        {
            return WebSocketHandshake.TryParse(buffer.FirstSpan, out upgrade, out headLength);
        }

        return buffer.Length <= WebSocketHandshake.MaxHeadLength && WebSocketHandshake.TryParse(buffer.ToArray(), out upgrade, out headLength);
    }

    private bool TryAdmit(ConnectionContext connection, WebSocketUpgrade upgrade, out string addressTag)
    {
        addressTag = string.Empty;
        if (!sockets.Knows(upgrade.Path, features) || sockets.Refusal(upgrade, features) is not null)
        {
            return false;
        }

        addressTag = addresses.Hash(connection.RemoteEndPoint, upgrade.ForwardedFor);
        return sockets.Admit(upgrade.Path, upgrade.Origin, addressTag) == UpgradeDecision.Admitted;
    }
}
