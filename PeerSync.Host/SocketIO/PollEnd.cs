namespace PeerSync.Host.SocketIO;

/// <summary>How a poll is answered.</summary>
internal enum PollEnd
{
    /// <summary>With what waits.</summary>
    Data,

    /// <summary>With a noop: the client shall poll no more, because it changes transports or has closed the session.</summary>
    Noop,

    /// <summary>With a close packet.</summary>
    Close,

    /// <summary>Refused: the session was upgraded meanwhile, or its client sent a second poll.</summary>
    Refused,

    /// <summary>Not at all: there is no such session.</summary>
    Unknown,

    /// <summary>Not at all: the client gave up.</summary>
    Aborted,
}
