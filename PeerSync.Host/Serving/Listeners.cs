using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PeerSync.Host.Admin;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Sharing.Resp;
using PeerSync.Host.Sockets;

namespace PeerSync.Host.Serving;

/// <summary>Binds the configured listeners: every one of them serves HTTP and WebSocket.</summary>
internal static class Listeners
{
    internal static void Configure(KestrelServerOptions kestrel, PeerSyncOptions options, IServiceProvider services)
    {
        var sockets = services.GetRequiredService<SocketServer>();
        var addresses = services.GetRequiredService<ClientAddresses>();
        foreach (var listener in options.Listeners)
        {
            Listen(kestrel, listener.Endpoint, listen =>
            {
                UseTls(listen, listener);
                var served = new ListenerFeatures(listener.Features);
                listen.Use(next => connection =>
                {
                    connection.Features.Set(served);
                    return next(connection);
                });
                listen.Use(next => new FirstRequestUpgrade(sockets, listener.Features, addresses, next).OnConnectionAsync);
            });
        }

        if (options.Sharing.Resp.Endpoint is { } resp && services.GetService<RespServer>() is { } respServer)
        {
            Listen(kestrel, resp, listen => ConfigureResp(listen, options.Sharing.Resp.Certificate, respServer));
        }

        if (options.Admin.Endpoint is { } admin)
        {
            Listen(kestrel, admin, static listen => listen.Use(static next => connection =>
            {
                connection.Features.Set(AdminListener.Instance);
                return next(connection);
            }));
        }
    }

    private static void Listen(KestrelServerOptions kestrel, ListenEndpoint endpoint, Action<ListenOptions> configure)
    {
        void Configure(ListenOptions listen)
        {
            // WebSocket clients and REST clients of all products speak HTTP/1.1; the first-request upgrade depends on it.
            listen.Protocols = HttpProtocols.Http1;
            configure(listen);
        }

        switch (endpoint.Scope)
        {
            case ListenScope.Any:
                kestrel.ListenAnyIP(endpoint.Port, Configure);
                break;
            case ListenScope.Localhost when endpoint.Port != 0:
                kestrel.ListenLocalhost(endpoint.Port, Configure);
                break;
            default:
                kestrel.Listen(endpoint.Address ?? System.Net.IPAddress.Loopback, endpoint.Port, Configure);
                break;
        }
    }

    private static void ConfigureResp(ListenOptions listen, CertificateSettings? certificate, RespServer server)
    {
        // Before TLS, so that whoever opens too many connections does not get that far.
        listen.Use(next => connection => server.AdmitAsync(connection, next));
        if (certificate is not null)
        {
            listen.UseHttps(Load(certificate));
        }

        listen.Run(server.RunAsync);
    }

    private static void UseTls(ListenOptions listen, ListenerSettings listener)
    {
        if (!listener.Endpoint.UsesTls || listener.Certificate is not { } certificate)
        {
            return;
        }

        listen.UseHttps(Load(certificate));
    }

    private static X509Certificate2 Load(CertificateSettings certificate)
    {
        var password = certificate.Password.IsEmpty ? null : certificate.Password.Value;
        if (string.IsNullOrEmpty(certificate.KeyPath))
        {
            return X509CertificateLoader.LoadPkcs12FromFile(certificate.Path, password);
        }

        return password is null
            ? X509Certificate2.CreateFromPemFile(certificate.Path, certificate.KeyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(certificate.Path, password, certificate.KeyPath);
    }
}
