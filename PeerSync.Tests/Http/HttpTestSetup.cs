using Microsoft.AspNetCore.Builder;
using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Host.Peers;

namespace PeerSync.Tests.Http;

/// <summary>How a test wants its server.</summary>
internal sealed record HttpTestSetup
{
    public PeerSyncHttpOptions Http { get; init; } = new();

    public HealthOptions Health { get; init; } = new();

    public JoinLimitOptions JoinLimits { get; init; } = new();

    /// <summary>Meters are found by name in the whole process, so each server has its own name.</summary>
    public TelemetryOptions Telemetry { get; init; } = new() { MeterName = $"PeerSync.Tests.{Guid.NewGuid():N}" };

    public IReadOnlyList<IReadinessCheck> Checks { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Further routes.</summary>
    public Action<WebApplication> Map { get; init; } = static _ => { };

    public Func<Microsoft.AspNetCore.Http.HttpContext, bool>? IsOnAdminListener { get; init; }

    /// <summary>Parts of log entries that this test provokes.</summary>
    public IReadOnlyList<string> ExpectedLogs { get; init; } = [];
}
