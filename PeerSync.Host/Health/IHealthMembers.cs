using System.Text.Json.Nodes;

namespace PeerSync.Host.Health;

/// <summary>What a feature's clients look for in the health answers that all features share.</summary>
internal interface IHealthMembers
{
    /// <summary>Adds members to the answer of <c>/health</c>; those that are there already stay as they are.</summary>
    ValueTask AddToHealthAsync(JsonObject answer, CancellationToken cancellationToken);

    /// <summary>Adds members to the answer of <c>/api/health</c>; those that are there already stay as they are.</summary>
    ValueTask AddToApiHealthAsync(JsonObject answer, CancellationToken cancellationToken);
}
