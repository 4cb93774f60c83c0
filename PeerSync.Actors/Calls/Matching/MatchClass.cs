using PeerSync.Protocol.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>What rules about groups of tickets look at, so that a whole group can be passed by without looking at its members.</summary>
/// <param name="Level">How far the rules are relaxed.</param>
/// <param name="QueueType">What for.</param>
/// <param name="Gender">Male, female, or unknown for every other.</param>
/// <param name="Wants">The gender of the partner, where it counts.</param>
internal readonly record struct MatchClass(MatchRelaxation Level, QueueType QueueType, CallsGender Gender, GenderPreference Wants)
{
    /// <summary>Whether tickets of two classes may meet, as far as their classes say. Symmetric, and never less with a higher level.</summary>
    internal bool Meets(MatchClass other) => Accepts(Wants, other.Gender) && Accepts(other.Wants, Gender) && MeetsType(other);

    private static bool Accepts(GenderPreference wanted, CallsGender gender) => wanted switch
    {
        GenderPreference.Male => gender == CallsGender.Male,
        GenderPreference.Female => gender == CallsGender.Female,
        _ => true,
    };

    private bool MeetsType(MatchClass other) =>
        QueueType == other.QueueType
        || (QueueType != QueueType.Language && other.QueueType != QueueType.Language && (Level > MatchRelaxation.None || other.Level > MatchRelaxation.None));
}
