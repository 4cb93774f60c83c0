using PeerSync.Storage.Sharing;

namespace PeerSync.Actors.Sharing;

/// <summary>Where events go once what they tell of is committed.</summary>
/// <remarks>Thread-safe. Neither blocks nor throws: whoever reads the feed must not delay whoever changes something.</remarks>
public interface ISharingFeedSink
{
    /// <summary>Brings an event to those of its audience who are there.</summary>
    void Publish(SharingEvent sharingEvent);
}
