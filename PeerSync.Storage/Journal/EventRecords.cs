using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Storage.Journal;

/// <summary>An event as it is stored.</summary>
/// <param name="SequenceNr">Its place among the events of its actor, from 1.</param>
/// <param name="Created">When it was persisted, in UTC.</param>
/// <param name="Manifest">The name of its form, as its serializer gave it.</param>
/// <param name="Message">What its serializer wrote.</param>
[SuppressMessage("Performance", "CA1819", Justification = "Read once and handed on.")]
public sealed record StoredEvent(long SequenceNr, DateTimeOffset Created, string Manifest, byte[] Message);

/// <summary>Some events of one actor, in their order.</summary>
/// <param name="Events">The events.</param>
/// <param name="HasMore">Whether further ones follow within what was asked for.</param>
/// <param name="LastSequenceNr">The number of the last event here, behind which the next page begins; where there is none, the number that was asked from.</param>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, bool HasMore, long LastSequenceNr);

/// <summary>Events of one actor that carry a tag, the newest first.</summary>
/// <param name="Events">The events of the page.</param>
/// <param name="Total">How many there are in all.</param>
public sealed record TaggedEvents(IReadOnlyList<StoredEvent> Events, long Total);
