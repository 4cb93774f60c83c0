namespace PeerSync.Kernel;

/// <summary>Marks messages that the kernel handles before, or instead of, the actor.</summary>
public interface IAutoReceivedMessage;
