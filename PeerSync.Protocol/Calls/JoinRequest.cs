namespace PeerSync.Protocol.Calls;

/// <summary>The argument of <c>join-queue</c>, with the defaults filled in.</summary>
/// <param name="Region">At most 50 characters; compared literally.</param>
/// <param name="Language">At most 10 characters; compared literally.</param>
/// <param name="Gender">The device's own.</param>
/// <param name="GenderPreference">The partner's.</param>
/// <param name="Interests">At most <see cref="CallsReader.MaxInterests"/> of at most 30 characters each, every one once.</param>
/// <param name="QueueType">What for.</param>
/// <param name="NativeLanguage">At most 10 characters, or null.</param>
/// <param name="LearningLanguage">At most 10 characters, or null.</param>
public sealed record JoinRequest(
    string Region,
    string Language,
    CallsGender Gender,
    GenderPreference GenderPreference,
    IReadOnlyList<string> Interests,
    QueueType QueueType,
    string? NativeLanguage,
    string? LearningLanguage)
{
    /// <summary>What a join without an argument means.</summary>
    public static JoinRequest Default { get; } = new(CallsRegions.Global, "en", CallsGender.Unknown, GenderPreference.Any, [], QueueType.Casual, null, null);

    /// <summary>Whether two joins ask for the same.</summary>
    public bool Equals(JoinRequest? other) =>
        other is not null && Region == other.Region && Language == other.Language && Gender == other.Gender && GenderPreference == other.GenderPreference
        && QueueType == other.QueueType && NativeLanguage == other.NativeLanguage && LearningLanguage == other.LearningLanguage
        && Interests.SequenceEqual(other.Interests, StringComparer.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Region, Language, Gender, GenderPreference, QueueType, Interests.Count);
}
