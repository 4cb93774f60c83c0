using System.Text.Json.Serialization;

namespace PeerSync.Host.Admin;

/// <summary>One open connection, as <c>peersync sessions</c> lists it.</summary>
/// <param name="Id">The connection.</param>
/// <param name="Feature">Its feature, or null before the first message.</param>
/// <param name="User">Who authenticated, or null.</param>
/// <param name="Address">The client's keyed address hash: equal for equal addresses, and meaningless after a restart.</param>
/// <param name="AgeSeconds">How long it has been open.</param>
/// <param name="QueuedMessages">Messages that wait for the client.</param>
/// <param name="QueuedBytes">Their bytes.</param>
internal sealed record ConnectionAnswer(
    string Id, string? Feature, string? User, string Address, long AgeSeconds, int QueuedMessages, long QueuedBytes);

/// <summary>The open connections, up to a limit.</summary>
/// <param name="Total">How many are open.</param>
/// <param name="Connections">Those listed.</param>
internal sealed record ConnectionsAnswer(int Total, IReadOnlyList<ConnectionAnswer> Connections);

/// <summary>What <c>peersync doctor</c> asks a running node.</summary>
/// <param name="Version">The server's version.</param>
/// <param name="Environment">Its environment.</param>
/// <param name="UptimeSeconds">Since when it runs.</param>
/// <param name="Connections">Open connections.</param>
/// <param name="PeersOnline">Registered peers.</param>
/// <param name="SessionsOpen">Open sessions.</param>
/// <param name="Storage">Engine, version and place.</param>
/// <param name="Checks">Each readiness check's outcome.</param>
internal sealed record StatusAnswer(
    string Version,
    string Environment,
    long UptimeSeconds,
    int Connections,
    long PeersOnline,
    long SessionsOpen,
    string Storage,
    IReadOnlyDictionary<string, string> Checks);

/// <summary>A moderator of calls.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Role"><c>moderator</c> or <c>admin</c>; <c>user</c> for one that was dismissed just now.</param>
/// <param name="By"><c>settings</c> or <c>appointed</c>.</param>
internal sealed record ModeratorAnswer(string DeviceId, string Role, string By);

/// <summary>The moderators of calls.</summary>
/// <param name="Moderators">All of them.</param>
internal sealed record ModeratorsAnswer(IReadOnlyList<ModeratorAnswer> Moderators);

/// <summary>A token with which a device is let in as a moderator.</summary>
/// <param name="AccessToken">The token.</param>
/// <param name="ExpiresAt">When it ends, in UTC.</param>
internal sealed record ModeratorTokenAnswer(string AccessToken, string ExpiresAt);

/// <summary>The admin endpoint's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ConnectionsAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(ModeratorAnswer))]
[JsonSerializable(typeof(ModeratorsAnswer))]
[JsonSerializable(typeof(ModeratorTokenAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
