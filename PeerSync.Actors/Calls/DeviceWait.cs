using PeerSync.Protocol.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>A device's wait for a partner.</summary>
internal sealed class DeviceWait(JoinRequest join, Ticket ticket)
{
    internal JoinRequest Join => join;

    internal string Pool => join.Language;

    internal Ticket Ticket { get; set; } = ticket;

    /// <summary>The socket that the wish came by.</summary>
    internal DeviceSocket? Joiner { get; set; }

    /// <summary>Whether the client that joined was told so.</summary>
    internal bool IsTold { get; set; }

    /// <summary>Whether a partner was found and the device has said yes.</summary>
    internal bool IsProposed { get; set; }

    internal int Position { get; set; } = 1;

    internal int PoolSize { get; set; } = 1;

    /// <summary>When the pool was last heard of, in Unix milliseconds.</summary>
    internal long HeardAt { get; set; }
}
