using System.Text.Json;
using System.Text.Json.Nodes;
using PeerSync.Actors.Rooms;
using PeerSync.Host.Configuration;
using PeerSync.Host.Health;

namespace PeerSync.Host.Rooms;

/// <summary>What the Rooms clients look for in health answers (Rooms contract, section 11).</summary>
internal sealed class RoomsHealth(RoomsCounters counters) : IHealthMembers
{
    /// <inheritdoc />
    public ServerFeatures Feature => ServerFeatures.Rooms;

    /// <inheritdoc />
    public ValueTask AddToHealthAsync(JsonObject answer, CancellationToken cancellationToken)
    {
        // Form D asks for its health here.
        answer.TryAdd("memory", JsonSerializer.SerializeToNode(MemoryAnswer.Current, HealthJson.Wire.MemoryAnswer));
        return AddToApiHealthAsync(answer, cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask AddToApiHealthAsync(JsonObject answer, CancellationToken cancellationToken)
    {
        answer.TryAdd("rooms", counters.Rooms);
        answer.TryAdd("totalPeers", counters.Members);
        return ValueTask.CompletedTask;
    }
}
