using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PeerSync.Host.Http;

/// <summary>
/// Finds the client's address behind the configured proxies and hashes it with a key that lives as long as the process, so that nobody who
/// reads a hash can try all addresses against it.
/// </summary>
/// <remarks>Thread-safe. IPv6 addresses count by their /64, because one subscriber owns all of it.</remarks>
internal sealed class ClientAddresses : IClientAddresses
{
    private const int HashBytes = 16;
    private const int IPv6PrefixBytes = 8;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly IPNetwork[] _trustedProxies;

    /// <param name="trustedProxies">The proxies whose <c>X-Forwarded-For</c> entries are believed.</param>
    public ClientAddresses(IReadOnlyList<IPNetwork> trustedProxies)
    {
        _trustedProxies = [.. trustedProxies];
    }

    /// <inheritdoc/>
    public string Hash(HttpContext context)
    {
        var forwardedFor = _trustedProxies.Length == 0 ? null : context.Request.Headers["X-Forwarded-For"].ToString();
        return Hash(context.Connection.RemoteIpAddress, forwardedFor);
    }

    /// <summary>As <see cref="Hash(HttpContext)"/>, for a connection that has no request any more.</summary>
    /// <param name="remote">The socket's other end; anything but an <see cref="IPEndPoint"/> counts as unknown.</param>
    /// <param name="forwardedFor">All <c>X-Forwarded-For</c> entries, comma separated, or null.</param>
    public string Hash(EndPoint? remote, string? forwardedFor) => Hash((remote as IPEndPoint)?.Address, forwardedFor);

    /// <summary>The address that the nearest trusted proxy vouches for; null where the socket's own address is unknown.</summary>
    internal IPAddress? Find(IPAddress? remote, string? forwardedFor)
    {
        if (remote is null)
        {
            return null;
        }

        var client = Unmap(remote);
        var rest = forwardedFor.AsSpan();

        // Each proxy appends the address that it was called from, so only the entries to the right of the first untrusted one are true.
        while (!rest.IsEmpty && IsTrusted(client))
        {
            var comma = rest.LastIndexOf(',');
            if (!TryParse(rest[(comma + 1)..].Trim(), out var previous))
            {
                break;
            }

            client = previous;
            rest = comma < 0 ? [] : rest[..comma];
        }

        return client;
    }

    private static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Reads an entry: an IPv4 address with or without a port, an IPv6 address, or one in brackets with or without a port.</summary>
    private static bool TryParse(ReadOnlySpan<char> entry, out IPAddress address)
    {
        var mayHavePort = entry.StartsWith('[') || entry.Count(':') == 1;
        if (mayHavePort && IPEndPoint.TryParse(entry, out var endPoint))
        {
            address = Unmap(endPoint.Address);
            return true;
        }

        if (!mayHavePort && IPAddress.TryParse(entry, out var parsed))
        {
            address = Unmap(parsed);
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    private bool IsTrusted(IPAddress address)
    {
        foreach (var network in _trustedProxies)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private string Hash(IPAddress? remote, string? forwardedFor)
    {
        Span<byte> input = stackalloc byte[16];
        var client = Find(remote, forwardedFor);

        // The families and "unknown" stay apart by their lengths: 4, 8 and 0 bytes.
        var length = 0;
        if (client is not null && client.TryWriteBytes(input, out var written))
        {
            length = client.AddressFamily == AddressFamily.InterNetworkV6 ? IPv6PrefixBytes : written;
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, input[..length], hash);
        return Convert.ToHexStringLower(hash[..HashBytes]);
    }
}
