namespace PeerSync.Actors;

/// <summary>A message that crosses the boundary of an entity, and so possibly, one day, of a node: immutable and serialisable.</summary>
public interface IEntityMessage
{
}
