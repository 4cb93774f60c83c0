using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Health;

/// <summary>What the OpenAPI document says of the routes that all features share.</summary>
internal static class HealthDescriptions
{
    private const string Tag = "Health";

    public static RouteDescription Live() => new RouteDescription("healthLive", Tag, "Says that the process is alive")
        .With("Each feature that the listener serves adds the members that its clients look for.")
        .Answers<ServerLiveness>(200, "The process is alive");

    public static RouteDescription Ready() => new RouteDescription("healthReady", Tag, "Says whether the server can do its work")
        .Answers<ServerReadiness>(200, "All checks have passed")
        .Answers<ServerReadiness>(503, "A check has failed, or the node is about to stop");

    public static RouteDescription TimedLive() => new RouteDescription("healthTimed", Tag, "Says that the process is alive, and the time")
        .With("A caller that names itself to Sync is told of the database instead of the environment.")
        .Answers<ServerTimedLiveness>(200, "The process is alive")
        .Answers<ServerTimedLiveness>(503, "Told to callers of Sync alone: the database is away");

    public static RouteDescription MemoryLive() => new RouteDescription("healthMemory", Tag, "Says that the process is alive, and how much memory it uses")
        .Answers<ServerMemoryLiveness>(200, "The process is alive");

    public static RouteDescription Metrics() => new RouteDescription("metrics", Tag, "Shows the metrics in Prometheus' text form")
        .AnswersText(200, "Text 0.0.4", "text/plain; version=0.0.4")
        .Answers<Http.ErrorEnvelope>(404, "The settings keep the metrics on the admin listener");
}
