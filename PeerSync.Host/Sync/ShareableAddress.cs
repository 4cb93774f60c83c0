using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace PeerSync.Host.Sync;

/// <summary>The address of the socket as another device on the local network can use it (PocketBridge contract, section 6.1).</summary>
internal static class ShareableAddress
{
    // How the adapters of containers, virtual machines and tunnels are called on the systems that have them.
    private static readonly string[] VirtualNames =
        ["docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vethernet", "virtual", "vmware", "hyper-v", "tun", "tap", "wg"];

    /// <summary>The address with this machine's own instead of <c>localhost</c>, and without a slash at its end.</summary>
    /// <param name="address">As the client wrote it.</param>
    /// <param name="findLocal">Finds this machine's address in the local network; null where it has none.</param>
    public static string Of(string address, Func<IPAddress?> findLocal)
    {
        var result = address;
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host is "localhost" or "127.0.0.1" && findLocal() is { } local)
        {
            // Replaced in the text and not through the parsed address, which would be written in another form.
            var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
            var host = address.IndexOf(uri.Host, start, StringComparison.OrdinalIgnoreCase);
            result = string.Concat(address.AsSpan(0, host), local.ToString(), address.AsSpan(host + uri.Host.Length));
        }

        return result.EndsWith('/') ? result[..^1] : result;
    }

    /// <summary>This machine's first IPv4 address that is neither its own loopback nor a virtual adapter's.</summary>
    public static IPAddress? FindLocal()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .Where(static adapter => adapter.OperationalStatus == OperationalStatus.Up
                    && adapter.NetworkInterfaceType != NetworkInterfaceType.Loopback
                    && !VirtualNames.Any(name => adapter.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))
                .SelectMany(static adapter => adapter.GetIPProperties().UnicastAddresses)
                .Select(static unicast => unicast.Address)
                .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        }
        catch (NetworkInformationException)
        {
            // A container may not let its adapters be listed.
            return null;
        }
    }
}
