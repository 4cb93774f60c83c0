namespace PeerSync.Kernel;

/// <summary>A behaviour: handles a message or returns false, so that it becomes an <see cref="UnhandledMessage"/>.</summary>
/// <param name="message">The message.</param>
public delegate bool Receive(object message);
