namespace PeerSync.Protocol.Calls;

/// <summary>What the score compares of two devices (Calls contract, section 6.4).</summary>
/// <param name="Region">Literal; <see cref="CallsRegions.Global"/> meets all.</param>
/// <param name="Language">Literal.</param>
/// <param name="QueueType">What for.</param>
/// <param name="NativeLanguage">Counts in <see cref="QueueType.Language"/>; null when not given.</param>
/// <param name="LearningLanguage">Counts in <see cref="QueueType.Language"/>; null when not given.</param>
/// <param name="Interests">Compared literally.</param>
/// <param name="Rating">The reputation, 0 to 100; null when there is none yet.</param>
/// <param name="IsPremium">Whether the device has paid.</param>
/// <param name="Age">In years; null when not known.</param>
public sealed record CallsProfile(
    string Region,
    string Language,
    QueueType QueueType,
    string? NativeLanguage,
    string? LearningLanguage,
    IReadOnlyList<string> Interests,
    int? Rating,
    bool IsPremium,
    int? Age);
