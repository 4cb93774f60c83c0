using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PeerSync.Host.Configuration;

/// <summary>Where a listener binds, read from a URL such as <c>http://any:3000</c>.</summary>
internal sealed record ListenEndpoint
{
    /// <summary>Which interfaces are meant.</summary>
    public required ListenScope Scope { get; init; }

    /// <summary>The address to bind; null unless <see cref="Scope"/> is <see cref="ListenScope.Address"/>.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The port; 0 lets the system choose one.</summary>
    public required int Port { get; init; }

    /// <summary>Whether the listener speaks TLS.</summary>
    public required bool UsesTls { get; init; }

    /// <summary>Whether nothing but this machine can reach the listener.</summary>
    public bool IsLoopback => Scope == ListenScope.Localhost || (Address is not null && IPAddress.IsLoopback(Address));

    /// <summary>Reads a host name: <c>any</c> or <c>*</c>, <c>localhost</c>, or an address.</summary>
    /// <param name="host">The name; an IPv6 address with or without brackets.</param>
    /// <param name="scope">Which interfaces it means.</param>
    /// <param name="address">The address, when it is one.</param>
    public static bool TryParseHost(string host, out ListenScope scope, out IPAddress? address)
    {
        address = null;
        scope = ListenScope.Any;
        if (host is "any" or "*")
        {
            return true;
        }

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            scope = ListenScope.Localhost;
            return true;
        }

        // "1" and "0x7f.1" are addresses to IPAddress, and mistakes to everybody else.
        scope = ListenScope.Address;
        return (host.Contains(':') || host.Count(static c => c == '.') == 3) && IPAddress.TryParse(host, out address);
    }

    /// <summary>Reads <c>scheme://host:port</c>. The scheme is http or https; the port is required.</summary>
    /// <param name="url">The text. One trailing slash is ignored.</param>
    /// <param name="endpoint">The endpoint, when the text is one.</param>
    public static bool TryParse(string url, [NotNullWhen(true)] out ListenEndpoint? endpoint)
    {
        endpoint = null;
        var schemeEnd = url.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd < 0)
        {
            return false;
        }

        var scheme = url[..schemeEnd];
        var authority = url[(schemeEnd + 3)..];
        if (authority.EndsWith('/'))
        {
            authority = authority[..^1];
        }

        var portStart = authority.LastIndexOf(':');
        if (scheme is not ("http" or "https")
            || portStart <= 0
            || !ushort.TryParse(authority.AsSpan(portStart + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !TryParseHost(authority[..portStart], out var scope, out var address))
        {
            return false;
        }

        endpoint = new ListenEndpoint { Scope = scope, Address = address, Port = port, UsesTls = scheme == "https" };
        return true;
    }

    /// <summary>The URL in the form that <see cref="TryParse"/> reads.</summary>
    public override string ToString()
    {
        var host = Scope switch
        {
            ListenScope.Any => "any",
            ListenScope.Localhost => "localhost",
            _ => Address!.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Address}]" : Address.ToString(),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(UsesTls ? "https" : "http")}://{host}:{Port}");
    }
}
