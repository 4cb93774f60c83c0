namespace PeerSync.Protocol.Sync;

/// <summary>The preferences of a profile update as the server keeps them; null stands for one that was not given.</summary>
/// <param name="Theme"><c>light</c>, <c>dark</c> or <c>auto</c>.</param>
/// <param name="Notifications">Whether the user wants notifications.</param>
/// <param name="AutoSync">Whether devices synchronise by themselves.</param>
public sealed record ProfilePreferences(string? Theme, bool? Notifications, bool? AutoSync);
