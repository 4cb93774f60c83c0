namespace PeerSync.Kernel;

/// <summary>Marks messages that can end an actor and must never come from outside.</summary>
public interface IPossiblyHarmful;
