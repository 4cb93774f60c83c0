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

/// <summary>The admin endpoint's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ConnectionsAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
