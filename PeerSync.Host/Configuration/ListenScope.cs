namespace PeerSync.Host.Configuration;

/// <summary>Which interfaces a listener takes connections on.</summary>
internal enum ListenScope
{
    /// <summary>Every interface, over IPv4 and, where the machine has it, IPv6.</summary>
    Any,

    /// <summary>The loopback interface, over IPv4 and IPv6.</summary>
    Localhost,

    /// <summary>The one address in <see cref="ListenEndpoint.Address"/>.</summary>
    Address,
}
