using System.Text.Json.Nodes;
using PeerSync.Host.Configuration;

namespace PeerSync.Host.Health;

/// <summary>What a feature's clients look for in the health answers that all features share.</summary>
internal interface IHealthMembers
{
    /// <summary>The feature: answers on listeners that do not serve it are without its members.</summary>
    ServerFeatures Feature { get; }

    /// <summary>Adds members to the answer of <c>/health</c>; those that are there already stay as they are.</summary>
    ValueTask AddToHealthAsync(JsonObject answer, CancellationToken cancellationToken);

    /// <summary>Adds members to the answer of <c>/api/health</c>; those that are there already stay as they are.</summary>
    ValueTask AddToApiHealthAsync(JsonObject answer, CancellationToken cancellationToken);

    /// <summary>Adds members to the answer of the readiness paths; those that are there already stay as they are.</summary>
    void AddToReady(JsonObject answer, ReadinessReport report)
    {
        // Most features' clients look for nothing of their own there.
    }
}
