namespace PeerSync.Bench.Load.Sockets;

/// <summary>What a connection does with the messages that it receives.</summary>
internal enum ReceiveMode
{
    /// <summary>Keep them for <see cref="LoadConnection.ReceiveTextAsync"/>: logins and other conversations.</summary>
    Converse,

    /// <summary>Count them and their bytes: idle members and presence.</summary>
    Count,

    /// <summary>Count those of the lane's length and tell the lane's driver.</summary>
    Lane,

    /// <summary>Hand each to an <see cref="IMessageHandler"/>.</summary>
    Hand,
}
