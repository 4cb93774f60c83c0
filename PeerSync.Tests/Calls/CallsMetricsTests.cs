using PeerSync.Actors.Calls;
using PeerSync.Tests.Metrics;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

public sealed class CallsMetricsTests
{
    private static readonly string[] Labeled =
    [
        "video_chat_sessions_created_total", "video_chat_sessions_ended_total", "video_chat_connection_success_total", "video_chat_connection_failures_total",
        "video_chat_reports_submitted_total", "video_chat_reports_moderated_total", "video_chat_users_blocked_total", "video_chat_rate_limit_hits_total",
        "video_chat_errors_total", "video_chat_websocket_events_total",
    ];

    private static readonly (string Name, string Type)[] Plain =
    [
        ("video_chat_active_connections", "gauge"), ("video_chat_total_connections", "counter"), ("video_chat_active_sessions", "gauge"),
        ("video_chat_queue_length", "gauge"), ("video_chat_matches_created_total", "counter"), ("video_chat_webrtc_offers_total", "counter"),
        ("video_chat_webrtc_answers_total", "counter"), ("video_chat_ice_candidates_total", "counter"),
    ];

    [Fact]
    public async Task Every_name_is_there_from_the_start()
    {
        await using var host = await CallsTestHost.StartAsync();
        var page = await ScrapeAsync(host);
        foreach (var (name, type) in Plain)
        {
            Assert.Equal((0, type), (page.Value(name), page.TypeOf(name)));
        }

        foreach (var name in Labeled)
        {
            Assert.Equal("counter", page.TypeOf(name));
            Assert.DoesNotContain(page.Samples, sample => sample.Name == name);
        }

        Assert.Equal("histogram", page.TypeOf("video_chat_match_latency_seconds"));
        Assert.Equal(0, page.Value("video_chat_match_latency_seconds_count"));
        foreach (var bound in new[] { "0.1", "0.5", "1", "2", "5", "10", "30", "+Inf" })
        {
            Assert.Equal(0, page.Value("video_chat_match_latency_seconds_bucket", ("le", bound)));
        }

        Assert.Equal("histogram", page.TypeOf("video_chat_request_duration_seconds"));
    }

    [Fact]
    public async Task What_is_counted_shows()
    {
        await using var host = await CallsTestHost.StartAsync("peersync.calls.moderators = [mod]");
        var counters = host.Server.Get<CallsCounters>();
        counters.ConnectionOpened();
        counters.ConnectionOpened();
        counters.ConnectionClosed();
        counters.QueueChanged(3);
        counters.Matched(TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(7));
        counters.SessionStarted("europe", "en");
        counters.SessionStarted("europe", "en");
        counters.SessionEnded("skip");
        counters.OfferRelayed();
        counters.AnswerRelayed();
        counters.CandidateRelayed();
        counters.Events.Increment("join-queue");
        var (_, report) = await host.AskAsync(HttpMethod.Post, "/reports", "alice", """{"reportedPeerId":"bob","sessionId":"s","reason":"spam"}""");
        await host.ModerateAsync(HttpMethod.Post, "/reports/moderate", $$"""{"reportId":"{{report!["reportId"]}}","decision":"accepted"}""");

        var page = await ScrapeAsync(host);
        Assert.Equal((1, 2), (page.Value("video_chat_active_connections"), page.Value("video_chat_total_connections")));
        Assert.Equal((3, 1, 1), (page.Value("video_chat_queue_length"), page.Value("video_chat_matches_created_total"), page.Value("video_chat_active_sessions")));
        Assert.Equal(2, page.Value("video_chat_sessions_created_total", ("region", "europe"), ("language", "en")));
        Assert.Equal(1, page.Value("video_chat_sessions_ended_total", ("reason", "skip")));
        Assert.Equal(
            (1, 1, 1),
            (page.Value("video_chat_webrtc_offers_total"), page.Value("video_chat_webrtc_answers_total"), page.Value("video_chat_ice_candidates_total")));
        Assert.Equal(1, page.Value("video_chat_websocket_events_total", ("event_type", "join-queue")));
        Assert.Equal(1, page.Value("video_chat_match_latency_seconds_bucket", ("le", "0.5")));
        Assert.Equal(2, page.Value("video_chat_match_latency_seconds_bucket", ("le", "10")));
        Assert.Equal(1, page.Value("video_chat_reports_submitted_total", ("reason", "spam")));
        Assert.Equal(1, page.Value("video_chat_reports_moderated_total", ("decision", "accepted")));
        Assert.Equal(1, page.Value("video_chat_users_blocked_total", ("block_type", "device")));
        Assert.Equal(
            1,
            page.Value(
                "video_chat_request_duration_seconds_bucket", ("le", "+Inf"), ("method", "POST"), ("route", "/reports"), ("status_code", "201")));
    }

    [Fact]
    public void Labels_have_a_bound()
    {
        var labels = new CallsLabels();
        for (var i = 0; i < 1000; i++)
        {
            labels.Increment($"region-{i}", "en");
        }

        var counted = labels.Read().ToList();
        Assert.Equal(513, counted.Count);
        Assert.Equal(488, counted.Single(static entry => entry.First == "other").Count);
    }

    private static async Task<PrometheusPage> ScrapeAsync(CallsTestHost host) =>
        PrometheusPage.Parse(await host.Http.GetStringAsync("/metrics", PeerSyncTestHost.Cancel));
}
