using System.Net;
using Microsoft.Extensions.Logging;
using PeerSync.Host.Configuration;
using PeerSync.Tests.Configuration.Hocon;

namespace PeerSync.Tests.Configuration;

public sealed class PeerSyncConfigurationTests
{
    [Fact]
    public void The_defaults_are_valid_and_typed()
    {
        var options = Options(string.Empty);

        Assert.Equal("development", options.Environment);
        Assert.False(options.IsProduction);
        Assert.Equal("data", options.DataDirectory);
        Assert.Equal(["http://any:3000", "http://any:3001"], options.Listeners.Select(static l => l.Endpoint.ToString()));
        Assert.All(options.Listeners, static l => Assert.Equal((ServerFeatures.All, false), (l.Features, l.NamesFeatures)));
        Assert.Equal("http://127.0.0.1:3002", options.Admin.Endpoint?.ToString());
        Assert.True(options.Admin.Endpoint?.IsLoopback);
        Assert.True(options.Admin.Token.IsEmpty);
        Assert.Empty(options.TrustedProxies);
        Assert.Empty(options.Cors.Origins);
        Assert.Equal("/ws", options.WebSocket.Path);
        Assert.Empty(options.WebSocket.Origins);
        Assert.Equal(4 * 1024 * 1024, options.WebSocket.MaxMessageSize);
        Assert.Equal(TimeSpan.FromSeconds(10), options.WebSocket.AuthTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), options.WebSocket.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), options.WebSocket.CloseTimeout);
        Assert.Equal(64, options.WebSocket.InFlightMessages);
        Assert.Equal(
            new OutboundSettings { MaxMessages = 4096, MaxBytes = 8 * 1024 * 1024, StallTimeout = TimeSpan.FromSeconds(15) },
            options.WebSocket.Outbound);
        Assert.True(options.RateLimits.Enabled);
        Assert.Equal(new TokenBucketSettings(200, 20, TimeSpan.FromSeconds(1)), options.RateLimits.ConnectionsPerAddress);
        Assert.Equal(new TokenBucketSettings(300, 50, TimeSpan.FromSeconds(1)), options.RateLimits.HttpRequestsPerAddress);
        Assert.Equal(1000, options.RateLimits.OpenConnectionsPerAddress);
        Assert.Equal(new TokenBucketSettings(20, 20, TimeSpan.FromMinutes(1)), options.RateLimits.FailedLoginsPerAddress);
        Assert.Equal(new TokenBucketSettings(400, 100, TimeSpan.FromSeconds(1)), options.RateLimits.MessagesPerConnection);
        Assert.Equal(new TokenBucketSettings(60, 60, TimeSpan.FromMinutes(1)), options.RateLimits.RequestsPerIdentity);
        Assert.Equal(new TokenBucketSettings(10, 10, TimeSpan.FromMinutes(1)), options.RateLimits.JoinAttemptsPerIdentity);
        Assert.Equal(new TokenBucketSettings(30, 30, TimeSpan.FromMinutes(1)), options.RateLimits.JoinAttemptsPerAddress);
        Assert.Equal(string.Empty, options.Identity.Supabase.Url);
        Assert.Equal(TimeSpan.FromMinutes(10), options.Identity.Supabase.JwksCache);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Identity.Supabase.JwksTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Identity.Supabase.JwksRefreshInterval);
        Assert.Equal("peersync-dev-connect", options.Identity.Jwt.Issuer);
        Assert.Equal("peersync-clients", options.Identity.Jwt.Audience);
        Assert.Equal(TimeSpan.FromHours(1), options.Identity.Jwt.Expiration);
        Assert.Equal(TimeSpan.Zero, options.Identity.ClockSkew);
        Assert.Equal(TimeSpan.FromSeconds(60), options.Identity.ExpiryGrace);
        Assert.True(options.Storage.DatabaseUrl.IsEmpty);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Storage.CommandTimeout);
        Assert.Equal(16, options.Storage.PoolSize);
        Assert.Equal(TimeSpan.FromDays(90), options.Storage.AuditRetention);
        Assert.Equal(
            new PeersSettings
            {
                RequestTimeout = TimeSpan.FromSeconds(30),
                SessionAbsence = TimeSpan.FromSeconds(30),
                SharePresenceWithoutNetwork = false,
                MaxOpenRequestsPerPair = 5,
                MaxOpenRequests = 50,
                MaxSessionsPerUser = 100,
                MaxDisplayName = 128,
            },
            options.Peers);
        Assert.Equal(
            new SyncSettings
            {
                ServerPrivateKey = Secret.None,
                ServerPublicKey = string.Empty,
                AdminKey = Secret.None,
                SessionTimeout = TimeSpan.FromHours(24),
                SessionMemory = TimeSpan.FromHours(24),
                ReplayWindow = TimeSpan.FromDays(30),
                EventRetention = TimeSpan.FromDays(90),
                DeviceRetention = TimeSpan.FromDays(365),
                HandshakeTimeout = TimeSpan.FromSeconds(60),
                MaxDevices = 5,
                MaxMessageSize = 15 * 1024 * 1024,
                EventsPerUser = new TokenBucketSettings(20_000, 1_000, TimeSpan.FromMinutes(1)),
                RestLimit = new SyncRestLimitSettings(TimeSpan.FromMinutes(1), 100),
                FailedLookups = new SyncFailedLookupSettings(TimeSpan.FromMinutes(10), 10, 300),
                CorsCredentials = false,
                Build = new SyncBuildSettings(string.Empty, string.Empty, string.Empty, string.Empty),
            },
            options.Sync with { ServerPrivateKey = Secret.None, AdminKey = Secret.None });
        Assert.True(options.Sync.ServerPrivateKey.IsEmpty && options.Sync.AdminKey.IsEmpty);
        Assert.Equal(
            new RoomsSettings
            {
                AuthSecret = Secret.None,
                TokenLifetime = TimeSpan.FromHours(1),
                Minting = TokenMinting.Auto,
                ApiKey = Secret.None,
                AdminKey = Secret.None,
                AllowTokenless = true,
                ListForm = RoomListForm.Auto,
                RoomInactivity = TimeSpan.FromHours(3),
                PeerHeartbeat = TimeSpan.FromMinutes(5),
                CleanupInterval = TimeSpan.FromMinutes(1),
                ResumeGrace = TimeSpan.FromSeconds(10),
                AuthenticationTimeout = TimeSpan.FromSeconds(30),
                MemoryWarning = 0,
                MemoryCritical = 0,
                MaxRooms = 50_000,
                MaxMembers = 1_000,
                MaxFrameSize = 4 * 1024 * 1024,
                Frames = new TokenBucketSettings(1_000, 100, TimeSpan.FromSeconds(1)),
                Tokens = new TokenBucketSettings(30, 30, TimeSpan.FromMinutes(1)),
            },
            options.Rooms with { AuthSecret = Secret.None, ApiKey = Secret.None, AdminKey = Secret.None });
        Assert.True(options.Rooms.AuthSecret.IsEmpty && options.Rooms.ApiKey.IsEmpty && options.Rooms.AdminKey.IsEmpty);
        Assert.Equal((0, 0, string.Empty), (options.Turn.StunUrls.Count, options.Turn.Urls.Count, options.Turn.Host));
        Assert.Equal((3478, 5349, TimeSpan.FromHours(1)), (options.Turn.Port, options.Turn.TlsPort, options.Turn.Lifetime));
        Assert.Equal(new LoggingSettings { Level = LogLevel.Information, Format = LogFormat.Text }, options.Logging);
        Assert.Equal(new TelemetrySettings { OtlpEndpoint = null, ServiceName = "peersync" }, options.Telemetry);
        Assert.Equal(new ShutdownSettings { Timeout = TimeSpan.FromSeconds(20), Spread = TimeSpan.FromSeconds(2) }, options.Shutdown);
    }

    [Fact]
    public void The_environment_of_the_original_server_is_understood()
    {
        var options = Options(
            string.Empty,
            ("PORT", "8080"),
            ("SIGNALING_PORT", "8081"),
            ("BIND_ADDRESS", "::1"),
            ("NODE_ENV", "Production"),
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("SUPABASE_URL", "https://abc.supabase.co"),
            ("SUPABASE_ANON_KEY", "anon"),
            ("SUPABASE_SERVICE_ROLE_KEY", "service"),
            ("SUPABASE_JWT_SECRET", new string('s', 32)),
            ("CORS_ORIGIN", "https://a.example"),
            ("CORS_ORIGINS", "https://b.example, https://c.example:8443 ,"),
            ("WS_PATH", "/socket"),
            ("WS_ORIGINS", "vscode-webview://abc"),
            ("WS_HEARTBEAT_INTERVAL", "15000"),
            ("WS_MAX_MESSAGE_SIZE", "2097152"),
            ("RATE_LIMITS", "off"),
            ("MAX_SESSIONS_PER_USER", "5"),
            ("SERVER_PRIVATE_KEY", "other"),
            ("SERVER_PRIVATE_KEY_HEX", new string('5', 64)),
            ("SERVER_PUBLIC_KEY_HEX", new string('6', 64)),
            ("ADMIN_API_KEY", "a"),
            ("WS_SESSION_TIMEOUT", "3600000"),
            ("WS_REPLAY_WINDOW_DAYS", "7"),
            ("EVENT_RETENTION_DAYS", "8"),
            ("DEVICE_INACTIVE_DAYS", "9"),
            ("RATE_LIMIT_WINDOW_MS", "30000"),
            ("RATE_LIMIT_MAX_REQUESTS", "50"),
            ("CORS_CREDENTIALS", "true"),
            ("BUILD_VERSION", "1.2.3"),
            ("BUILD_COMMIT", "c"),
            ("BUILD_BRANCH", "b"),
            ("BUILD_TIME", "t"),
            ("AUTH_SECRET", "signs-the-tokens"),
            ("OCTATE_MINTING", "open"),
            ("OCTATE_API_KEY", "mints"),
            ("OCTATE_TOKENLESS", "deny"),
            ("ROOM_INACTIVITY_TIMEOUT", "60000"),
            ("PEER_HEARTBEAT_TIMEOUT", "30000"),
            ("CLEANUP_CHECK_INTERVAL", "1000"),
            ("MEMORY_WARNING_THRESHOLD", "200"),
            ("MEMORY_CRITICAL_THRESHOLD", "300"),
            ("STUN_URLS", "stun:a.example:3478"),
            ("TURN_HOST", "turn.example"),
            ("TURN_PORT", "3479"),
            ("TURN_TLS_PORT", "5350"),
            ("TURN_SHARED_SECRET", new string('r', 32)),
            ("TURN_PROVIDER", "managed"),
            ("TURN_URLS", "turn:a.example:3478;turns:a.example:5349, turn:b.example turn:c.example"),
            ("TURN_USERNAME", "u"),
            ("TURN_PASSWORD", "p"),
            ("JWT_SECRET", new string('j', 32)),
            ("CALLS_PEER_IDS", "device"),
            ("MODERATOR_DEVICE_IDS", "alice, bob"),
            ("MODERATOR_KEY", new string('m', 32)),
            ("LOG_LEVEL", "debug"),
            ("LOG_FORMAT", "json"),
            ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,2001:db8::/32"),
            ("ADMIN_URL", "http://localhost:9000"),
            ("ADMIN_TOKEN", "t"),
            ("PEERSYNC_DATA", "/srv/peersync"),
            ("JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\\nAA\\n-----END PUBLIC KEY-----"),
            ("JWT_PRIVATE_KEY", "cHJpdmF0ZQ=="),
            ("JWT_ISSUER", "iss"),
            ("JWT_AUDIENCE", "aud"),
            ("JWT_EXPIRATION", "3600"),
            ("DATABASE_URL", "postgres://u:p@localhost:5432/peersync"),
            ("PEERS_SHARE_PRESENCE_WITHOUT_NETWORK", "true"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"),
            ("OTEL_SERVICE_NAME", "ps"),
            ("HOME", "/root"));

        Assert.Equal("production", options.Environment);
        Assert.True(options.IsProduction);
        Assert.Equal(["http://[::1]:8080", "http://[::1]:8081"], options.Listeners.Select(static l => l.Endpoint.ToString()));
        Assert.Equal("https://abc.supabase.co", options.Identity.Supabase.Url);
        Assert.Equal(new string('s', 32), options.Identity.Supabase.JwtSecret.Value);
        Assert.Equal("anon", options.Identity.Supabase.AnonKey.Value);
        Assert.Equal("service", options.Identity.Supabase.ServiceRoleKey.Value);
        Assert.Equal(["https://b.example", "https://c.example:8443"], options.Cors.Origins);
        Assert.Equal("/socket", options.WebSocket.Path);
        Assert.Equal(["vscode-webview://abc"], options.WebSocket.Origins);
        Assert.Equal(TimeSpan.FromSeconds(15), options.WebSocket.HeartbeatInterval);
        Assert.Equal(2097152, options.WebSocket.MaxMessageSize);
        Assert.False(options.RateLimits.Enabled);
        Assert.Equal(5, options.Peers.MaxSessionsPerUser);
        Assert.True(options.Peers.SharePresenceWithoutNetwork);
        Assert.Equal((new string('5', 64), new string('6', 64)), (options.Sync.ServerPrivateKey.Value, options.Sync.ServerPublicKey));
        Assert.Equal("a", options.Sync.AdminKey.Value);
        Assert.Equal(TimeSpan.FromHours(1), options.Sync.SessionTimeout);
        Assert.Equal(TimeSpan.FromDays(7), options.Sync.ReplayWindow);
        Assert.Equal(TimeSpan.FromDays(8), options.Sync.EventRetention);
        Assert.Equal(TimeSpan.FromDays(9), options.Sync.DeviceRetention);
        Assert.Equal(new SyncRestLimitSettings(TimeSpan.FromSeconds(30), 50), options.Sync.RestLimit);
        Assert.True(options.Sync.CorsCredentials);
        Assert.Equal(new SyncBuildSettings("1.2.3", "c", "b", "t"), options.Sync.Build);
        Assert.Equal(("signs-the-tokens", "mints", "a"), (options.Rooms.AuthSecret.Value, options.Rooms.ApiKey.Value, options.Rooms.AdminKey.Value));
        Assert.Equal((TokenMinting.Open, false), (options.Rooms.Minting, options.Rooms.AllowTokenless));
        Assert.Equal(
            (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1)),
            (options.Rooms.RoomInactivity, options.Rooms.PeerHeartbeat, options.Rooms.CleanupInterval));
        Assert.Equal((200, 300), (options.Rooms.MemoryWarning, options.Rooms.MemoryCritical));
        Assert.Equal(["stun:a.example:3478"], options.Turn.StunUrls);
        Assert.Equal(
            ("turn.example", 3479, 5350, new string('r', 32)), (options.Turn.Host, options.Turn.Port, options.Turn.TlsPort, options.Turn.SharedSecret.Value));
        Assert.Equal(
            ["turn:a.example:3478", "turns:a.example:5349", "turn:b.example", "turn:c.example"], options.Turn.Urls);
        Assert.True(options.Turn.IsManaged);
        Assert.Equal((new string('j', 32), new string('m', 32)), (options.Calls.JwtSecret.Value, options.Calls.ModeratorKey.Value));
        Assert.Equal(("3600", PeerIdForm.Device), (options.Calls.TokenLifetime, options.Calls.PeerIds));
        Assert.Equal(["alice", "bob"], options.Calls.Moderators);
        Assert.Equal(new CallsWindowSettings("long", TimeSpan.FromSeconds(30), 50), options.Calls.RestLimits[2]);
        Assert.Equal(new LoggingSettings { Level = LogLevel.Debug, Format = LogFormat.Json }, options.Logging);
        Assert.Equal([IPNetwork.Parse("127.0.0.1/32"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")], options.TrustedProxies);
        Assert.Equal("http://localhost:9000", options.Admin.Endpoint?.ToString());
        Assert.Equal("t", options.Admin.Token.Value);
        Assert.Equal("/srv/peersync", options.DataDirectory);
        Assert.StartsWith("-----BEGIN", options.Identity.Jwt.PublicKey, StringComparison.Ordinal);
        Assert.Equal("cHJpdmF0ZQ==", options.Identity.Jwt.PrivateKey.Value);
        Assert.Equal(("iss", "aud", TimeSpan.FromHours(1)), (options.Identity.Jwt.Issuer, options.Identity.Jwt.Audience, options.Identity.Jwt.Expiration));
        Assert.Equal("postgres://u:p@localhost:5432/peersync", options.Storage.DatabaseUrl.Value);
        Assert.Equal(new TelemetrySettings { OtlpEndpoint = new Uri("http://localhost:4317"), ServiceName = "ps" }, options.Telemetry);
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("30s", 30)]
    [InlineData("2m", 120)]
    [InlineData("1h", 3600)]
    [InlineData("7d", 604800)]
    public void The_lifetime_of_tokens_has_the_form_of_the_original(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Options(string.Empty, ("JWT_EXPIRATION", text)).Identity.Jwt.Expiration);

    [Fact]
    public void An_empty_variable_counts_as_not_set() =>
        Assert.Equal(3000, Options(string.Empty, ("PORT", string.Empty), ("NODE_ENV", string.Empty)).Listeners[0].Endpoint.Port);

    [Fact]
    public void A_file_wins_over_the_environment_unless_it_refers_to_it()
    {
        Assert.Equal(1, Options("peersync.port = 1", ("PORT", "2")).Listeners[0].Endpoint.Port);
        Assert.Equal(2, Options("peersync { port = 1, port = ${?PORT} }", ("PORT", "2")).Listeners[0].Endpoint.Port);
    }

    [Fact]
    public void A_file_may_have_keys_of_its_own_and_refer_to_settings()
    {
        var options = Options("region = eu, peersync { telemetry.service-name = peersync-${region}-${peersync.port}, admin.url = off }");

        Assert.Equal("peersync-eu-3000", options.Telemetry.ServiceName);
        Assert.Null(options.Admin.Endpoint);
    }

    [Fact]
    public void Equal_ports_are_one_listener_and_two_zeros_are_two()
    {
        Assert.Equal(["http://any:3000"], Options("peersync.signaling-port = 3000").Listeners.Select(static l => l.Endpoint.ToString()));
        Assert.Equal(
            ["http://localhost:0", "http://localhost:0"],
            Options("peersync { bind-address = localhost, port = 0, signaling-port = 0 }").Listeners.Select(static l => l.Endpoint.ToString()));
    }

    [Fact]
    public void Listeners_that_are_named_replace_the_ports()
    {
        using var folder = new TemporaryFolder();
        var certificate = folder.Write("c.pem", "x");
        var options = Options($$"""
            peersync.listeners = [
              { url = "https://any:443/", certificate { path = "{{certificate}}", password = secret } }
              { url = "http://127.0.0.1:3000", features = [peers, Rooms] }
            ]
            """);

        Assert.Equal(2, options.Listeners.Count);
        Assert.Equal(new ListenEndpoint { Scope = ListenScope.Any, Port = 443, UsesTls = true }, options.Listeners[0].Endpoint);
        Assert.Equal(new CertificateSettings { Path = certificate, KeyPath = string.Empty, Password = new Secret("secret") }, options.Listeners[0].Certificate);
        Assert.Equal((ServerFeatures.All, false), (options.Listeners[0].Features, options.Listeners[0].NamesFeatures));
        Assert.Equal(
            new ListenEndpoint { Scope = ListenScope.Address, Address = IPAddress.Loopback, Port = 3000, UsesTls = false },
            options.Listeners[1].Endpoint);
        Assert.Equal((ServerFeatures.Peers | ServerFeatures.Rooms, true), (options.Listeners[1].Features, options.Listeners[1].NamesFeatures));
        Assert.Null(options.Listeners[1].Certificate);
    }

    [Theory]
    [InlineData("http://any:1", nameof(ListenScope.Any), null, 1, false)]
    [InlineData("https://*:443", nameof(ListenScope.Any), null, 443, true)]
    [InlineData("http://LOCALHOST:0/", nameof(ListenScope.Localhost), null, 0, true)]
    [InlineData("http://[::]:80", nameof(ListenScope.Address), "::", 80, false)]
    [InlineData("http://0.0.0.0:65535", nameof(ListenScope.Address), "0.0.0.0", 65535, false)]
    public void A_listener_is_read_from_its_url(string url, string scope, string? address, int port, bool tlsOrLoopback)
    {
        Assert.True(ListenEndpoint.TryParse(url, out var endpoint));
        Assert.Equal((scope, address, port), (endpoint.Scope.ToString(), endpoint.Address?.ToString(), endpoint.Port));
        Assert.Equal(tlsOrLoopback, endpoint.UsesTls || endpoint.IsLoopback);
        Assert.True(ListenEndpoint.TryParse(endpoint.ToString(), out var again));
        Assert.Equal(endpoint, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("any:80")]
    [InlineData("ftp://any:80")]
    [InlineData("http://any")]
    [InlineData("http://:80")]
    [InlineData("http://any:65536")]
    [InlineData("http://any:+1")]
    [InlineData("http://any:80/path")]
    [InlineData("http://example.org:80")]
    [InlineData("http://1:80")]
    [InlineData("http://1.2.3.999:80")]
    public void A_url_that_names_no_interface_and_port_is_refused(string url) => Assert.False(ListenEndpoint.TryParse(url, out _));

    [Theory]
    [InlineData("port = http", "peersync.port", "must be a whole number, is 'http'")]
    [InlineData("port = 65536", "peersync.port", "must be between 0 and 65535, is 65536")]
    [InlineData("port = null", "peersync.port", "must not be null")]
    [InlineData("port = [1]", "peersync.port", "must be a single value")]
    [InlineData("environment = prod", "peersync.environment", "must be one of development, test, staging, production, is 'prod'")]
    [InlineData("data-directory = \"\"", "peersync.data-directory", "must not be empty")]
    [InlineData("bind-address = example.org", "peersync.bind-address", "must be any, localhost or an address, is 'example.org'")]
    [InlineData("listeners = x", "peersync.listeners", "must be a list of sections: [ { ... }, { ... } ]")]
    [InlineData("listeners = [{ url = x }]", "peersync.listeners.0.url", "must look like http://any:3000, http://localhost:3000 or https://192.0.2.1:443, is 'x'")]
    [InlineData("listeners = [{ features = [peers] }]", "peersync.listeners.0.url", "is not set")]
    [InlineData("listeners = [{ url = \"http://any:1\", features = [chat] }]", "peersync.listeners.0.features", "there is no feature 'chat': peers, rooms, sync, sharing and calls are the features")]
    [InlineData("listeners = [{ url = \"http://any:1\", feature = peers }]", "peersync.listeners.0.feature", "there is no such setting")]
    [InlineData("listeners = [{ url = \"https://any:1\" }]", "peersync.listeners.0.url", "https needs a certificate")]
    [InlineData("listeners = [{ url = \"https://any:1\", certificate { path = /nowhere/c.pem } }]", "peersync.listeners.0.certificate.path", "the file '/nowhere/c.pem' does not exist")]
    [InlineData("listeners = [{ url = \"http://any:1\" }, { url = \"http://localhost:1\" }]", "peersync.listeners.1.url", "another listener has the same port")]
    [InlineData("admin.url = \"http://127.0.0.1:3000\"", "peersync.admin.url", "a listener for clients has the same port")]
    [InlineData("admin.url = \"https://localhost:3009\"", "peersync.admin.url", "must be http: put a proxy in front to reach it over https")]
    [InlineData("admin.url = \"http://any:3009\"", "peersync.admin.token", "must have at least 32 characters when admin.url can be reached from other machines")]
    [InlineData("admin = x", "peersync.admin", "must be a section in braces")]
    [InlineData("trusted-proxies = [10.0.0.0/8, proxy]", "peersync.trusted-proxies", "must hold addresses and networks such as 10.0.0.0/8 or 2001:db8::/32, holds 'proxy'")]
    [InlineData("trusted-proxies = [10.0.0.0/33]", "peersync.trusted-proxies", "must hold addresses and networks such as 10.0.0.0/8 or 2001:db8::/32, holds '10.0.0.0/33'")]
    [InlineData("cors.origins = [\"https://a.example/\"]", "peersync.cors.origins", "must hold origins such as https://example.org, without a path, holds 'https://a.example/'")]
    [InlineData("cors.origins = [a.example]", "peersync.cors.origins", "must hold origins such as https://example.org, without a path, holds 'a.example'")]
    [InlineData("cors.origins = [[x]]", "peersync.cors.origins", "must be a list of texts")]
    [InlineData("websocket.origins = \"*\"", "peersync.websocket.origins", "must hold origins such as https://example.org, without a path, holds '*'")]
    [InlineData("websocket.path = ws", "peersync.websocket.path", "must be a path such as /ws, is 'ws'")]
    [InlineData("websocket.max-message-size = 4Mb", "peersync.websocket.max-message-size", "must be a size such as 64KiB or 4MiB, is '4Mb'")]
    [InlineData("websocket.max-message-size = 1GiB", "peersync.websocket.max-message-size", "must be between 1KiB and 64MiB, is 1GiB")]
    [InlineData("websocket.max-message-size = 16MiB", "peersync.websocket.outbound.max-bytes", "must not be less than websocket.max-message-size, or such a message could not be passed on")]
    [InlineData("websocket.auth-timeout = soon", "peersync.websocket.auth-timeout", "must be a duration such as 500ms, 10s or 2h, is 'soon'")]
    [InlineData("websocket.auth-timeout = 0", "peersync.websocket.auth-timeout", "must be between 100ms and 10m, is 0")]
    [InlineData("rate-limits.enabled = maybe", "peersync.rate-limits.enabled", "must be on or off, is 'maybe'")]
    [InlineData("rate-limits.requests-per-identity.per-second = 1", "peersync.rate-limits.requests-per-identity.per-second", "there is no such setting")]
    [InlineData("rate-limits.requests-per-identity = null", "peersync.rate-limits.requests-per-identity", "must be a section in braces")]
    [InlineData("identity.clock-skew = 61s", "peersync.identity.clock-skew", "must be between 0s and 60s, is 61s")]
    [InlineData("identity.supabase.url = abc", "peersync.identity.supabase.url", "must be an address such as https://example.org, is 'abc'")]
    [InlineData("identity.supabase.url = \"https://abc.supabase.co/\"", "peersync.identity.supabase.url", "must not end with a slash: the issuer in the tokens is this address with /auth/v1 behind it")]
    [InlineData("identity.supabase.jwt-secret = x", "peersync.identity.supabase.jwt-secret", "is of no use without identity.supabase.url (SUPABASE_URL), which names the issuer")]
    [InlineData("identity.jwt.public-key-path = /nowhere/k.pem", "peersync.identity.jwt.public-key-path", "the file '/nowhere/k.pem' does not exist")]
    [InlineData("identity.jwt.public-key = \"-----BEGIN PRIVATE KEY-----\"", "peersync.identity.jwt.public-key", "holds a private key; only the public one belongs here")]
    [InlineData("storage.database-url = \"mysql://u:p@h/d\"", "peersync.storage.database-url", "must be postgres://user:password@host/database or a connection string such as Host=...;Database=...")]
    [InlineData("peers.max-open-requests = 1", "peersync.peers.max-open-requests", "must not be less than peers.max-open-requests-per-pair")]
    [InlineData("logging.level = loud", "peersync.logging.level", "must be one of trace, debug, info, information, warn, warning, error, critical, fatal, none, silent, is 'loud'")]
    [InlineData("telemetry.otlp-endpoint = localhost", "peersync.telemetry.otlp-endpoint", "must be an address such as https://example.org, is 'localhost'")]
    [InlineData("shutdown.spread = 20s", "peersync.shutdown.spread", "must be less than shutdown.timeout")]
    [InlineData("websocket.max-mesage-size = 1MiB", "peersync.websocket.max-mesage-size", "there is no such setting")]
    [InlineData("web-socket {}", "peersync.web-socket", "there is no such setting")]
    public void A_value_that_cannot_be_used_is_named_with_its_path(string setting, string path, string message)
    {
        var fault = Assert.Single(Faults($"peersync {{\n{setting}\n}}"));

        Assert.Equal((path, message), (fault.Path, fault.Message));
        Assert.NotNull(fault.Origin);
    }

    [Theory]
    [InlineData("", "peersync.identity", "production needs a key to verify tokens with: set SUPABASE_URL, JWT_PUBLIC_KEY or JWT_PUBLIC_KEY_PATH")]
    [InlineData("identity.supabase.url = \"http://abc.example\"", "peersync.identity.supabase.url", "must be https in production: the keys fetched from there decide who gets in")]
    [InlineData("identity.supabase { url = \"https://abc.example\", jwt-secret = short }", "peersync.identity.supabase.jwt-secret", "must have at least 32 characters in production")]
    [InlineData(
        "identity.supabase.url = \"https://abc.example\"\nrooms.auth-secret = short",
        "peersync.rooms.auth-secret",
        "must have at least 16 characters in production")]
    [InlineData(
        "identity.supabase.url = \"https://abc.example\"\ncalls.jwt-secret = short", "peersync.calls.jwt-secret", "must have at least 32 characters in production")]
    [InlineData(
        "identity.supabase.url = \"https://abc.example\"\nturn.shared-secret = your-turn-secret-of-at-least-32-characters",
        "peersync.turn.shared-secret",
        "looks like a sample from a document: choose one of your own")]
    [InlineData(
        "identity.supabase.url = \"https://abc.example\"\ncalls.moderator-key = short",
        "peersync.calls.moderator-key",
        "must have at least 32 characters in production")]
    [InlineData(
        "identity.supabase.url = \"https://abc.example\"\nsharing.jwt-secret = short",
        "peersync.sharing.jwt-secret",
        "must have at least 32 characters in production")]
    [InlineData(
        "identity.supabase.url = \"https://abc.example\"\nsharing.dev-login = on",
        "peersync.sharing.dev-login",
        "must not be on in production: anybody could log in as anybody")]
    public void Production_has_rules_of_its_own(string setting, string path, string message)
    {
        const string secrets =
            """
            sync.server-private-key = 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
            rooms.auth-secret = 0123456789abcdef
            calls.jwt-secret = 0123456789abcdef0123456789abcdef
            turn.shared-secret = 0123456789abcdef0123456789abcdef
            sharing.jwt-secret = 0123456789abcdef0123456789abcdef
            """;
        var fault = Assert.Single(Faults($"peersync {{ environment = production\n{secrets}\n{setting}\n}}"));

        Assert.Equal((path, message), (fault.Path, fault.Message));
        Assert.Empty(Faults($"peersync {{ environment = development\n{setting}\n}}"));
    }

    [Theory]
    [InlineData(
        "",
        "peersync.sync.server-private-key",
        "peersync.rooms.auth-secret",
        "peersync.calls.jwt-secret",
        "peersync.turn.shared-secret",
        "peersync.sharing.jwt-secret")]
    [InlineData("listeners = [{ url = \"http://any:1\", features = [sharing] }]", "peersync.sharing.jwt-secret")]
    [InlineData("listeners = [{ url = \"http://any:1\", features = [peers, sync] }]", "peersync.sync.server-private-key")]
    [InlineData("listeners = [{ url = \"http://any:1\", features = [peers, rooms] }]", "peersync.rooms.auth-secret")]
    [InlineData("listeners = [{ url = \"http://any:1\", features = [calls] }]", "peersync.calls.jwt-secret", "peersync.turn.shared-secret")]
    [InlineData(
        "listeners = [{ url = \"http://any:1\", features = [calls] }]\nturn { provider = managed, urls = [\"turn:a.example\"], username = u, password = p }",
        "peersync.calls.jwt-secret")]
    [InlineData(
        "listeners = [{ url = \"http://any:1\" }]",
        "peersync.sync.server-private-key",
        "peersync.rooms.auth-secret",
        "peersync.calls.jwt-secret",
        "peersync.turn.shared-secret",
        "peersync.sharing.jwt-secret")]
    [InlineData("listeners = [{ url = \"http://any:1\", features = [peers] }]")]
    public void Production_needs_the_secrets_of_what_is_served(string setting, params string[] missing)
    {
        var faults = Faults($"peersync {{ environment = production\nidentity.supabase.url = \"https://abc.example\"\n{setting}\n}}");

        Assert.Equal(missing, faults.Select(static fault => fault.Path));
    }

    [Theory]
    [InlineData("sharing.github.client-id = id", "peersync.sharing.github", "a client id needs its secret and its address: set GITHUB_CLIENT_SECRET and GITHUB_REDIRECT_URI")]
    [InlineData("sharing.github.api-url = nowhere", "peersync.sharing.github.api-url", "must be an address such as https://example.org, is 'nowhere'")]
    [InlineData("sharing.resp.port = 65536", "peersync.sharing.resp.port", "must be off or a number between 0 and 65535, is '65536'")]
    [InlineData("sharing.resp.port = 3000", "peersync.sharing.resp.port", "another listener has the same port")]
    [InlineData("sharing.resp.bind-address = example.org", "peersync.sharing.resp.bind-address", "must be any, localhost or an address, is 'example.org'")]
    [InlineData("sharing.resp.certificate.path = /nowhere/c.pem", "peersync.sharing.resp.certificate.path", "the file '/nowhere/c.pem' does not exist")]
    [InlineData("sharing.max-devices = 17", "peersync.sharing.max-devices", "must be between 1 and 16, is 17")]
    [InlineData("sharing.max-body-bytes-in-flight = 1MiB", "peersync.sharing.max-body-bytes-in-flight", "must not be less than sharing.max-share-size")]
    public void Sharing_has_rules_of_its_own(string setting, string path, string message)
    {
        var fault = Assert.Single(Faults($"peersync {{\n{setting}\n}}"));

        Assert.Equal((path, message), (fault.Path, fault.Message));
    }

    [Fact]
    public void Sharing_begins_with_the_numbers_of_its_contract()
    {
        var sharing = Options(string.Empty).Sharing;

        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromDays(30), DevLoginMode.Auto), (sharing.AccessLifetime, sharing.RefreshLifetime, sharing.DevLogin));
        Assert.Equal(
            ("https://api.github.com/", "https://github.com/", TimeSpan.FromSeconds(10)),
            (sharing.GitHub.ApiUrl.AbsoluteUri, sharing.GitHub.OAuthUrl.AbsoluteUri, sharing.GitHub.Timeout));
        Assert.False(sharing.GitHub.IsConfigured);
        Assert.Equal((2, 16 * 1024 * 1024, 5000, 1L << 30), (sharing.MaxDevices, sharing.MaxShareSize, sharing.MaxWraps, sharing.MaxStoredPerUser));
        Assert.Null(sharing.ShareRetention);
        Assert.Equal(new SharingFeedSettings(TimeSpan.FromDays(7), false, 20, 500), sharing.Feed);
        Assert.Equal("http://any:6380", sharing.Resp.Endpoint?.ToString());
        Assert.True(sharing.Resp.Password.IsEmpty);
        Assert.Null(sharing.Resp.Certificate);
        Assert.Equal(new SharingWindowSettings(TimeSpan.FromMinutes(1), 30), sharing.RestLimits.Auth);
        Assert.Equal((600, 120), (sharing.RestLimits.Reads.MaxRequests, sharing.RestLimits.Writes.MaxRequests));
    }

    [Fact]
    public void The_environment_of_the_original_sharing_server_is_understood()
    {
        var sharing = Options(
            string.Empty,
            ("JWT_SECRET", new string('j', 32)),
            ("SHARING_DEV_LOGIN", "off"),
            ("GITHUB_CLIENT_ID", "id"),
            ("GITHUB_CLIENT_SECRET", "secret"),
            ("GITHUB_REDIRECT_URI", "https://a.example/osmynt-api-engine/auth/callback"),
            ("GITHUB_API_URL", "https://github.example/api/v3"),
            ("GITHUB_OAUTH_URL", "https://github.example"),
            ("RESP_PORT", "off"),
            ("RESP_PASSWORD", "shared")).Sharing;

        Assert.Equal((new string('j', 32), DevLoginMode.Off), (sharing.JwtSecret.Value, sharing.DevLogin));
        Assert.True(sharing.GitHub.IsConfigured);
        Assert.Equal(
            ("id", "secret", "https://a.example/osmynt-api-engine/auth/callback"),
            (sharing.GitHub.ClientId, sharing.GitHub.ClientSecret.Value, sharing.GitHub.RedirectUri?.AbsoluteUri));
        Assert.Equal(
            ("https://github.example/api/v3", "https://github.example/"), (sharing.GitHub.ApiUrl.AbsoluteUri, sharing.GitHub.OAuthUrl.AbsoluteUri));
        Assert.Null(sharing.Resp.Endpoint);
        Assert.Equal("shared", sharing.Resp.Password.Value);
    }

    [Theory]
    [InlineData("rooms { memory-warning = 300, memory-critical = 200 }", "peersync.rooms.memory-critical", "must not be less than rooms.memory-warning")]
    [InlineData("turn.username = me", "peersync.turn.password", "is needed together with turn.username")]
    public void Rooms_have_rules_of_their_own(string setting, string path, string message)
    {
        var fault = Assert.Single(Faults($"peersync {{\n{setting}\n}}"));

        Assert.Equal((path, message), (fault.Path, fault.Message));
    }

    [Theory]
    [InlineData("sync.server-public-key = aa", "peersync.sync.server-public-key", "is of no use without sync.server-private-key (SERVER_PRIVATE_KEY_HEX)")]
    [InlineData("sync.event-retention = 7", "peersync.sync.event-retention", "must not be less than sync.replay-window")]
    public void Sync_has_rules_of_its_own(string setting, string path, string message)
    {
        var fault = Assert.Single(Faults($"peersync {{\n{setting}\n}}"));

        Assert.Equal((path, message), (fault.Path, fault.Message));
    }

    [Fact]
    public void All_faults_are_reported_each_with_its_place()
    {
        var faults = Faults("peersync {\n  port = x\n  websocket.path = y\n  colour = red\n}\nport = 1", ("LOG_FORMAT", "loud"));

        Assert.Equal(
            [
                "port (overrides:6): belongs into the section 'peersync'",
                "peersync.port (overrides:2): must be a whole number, is 'x'",
                "peersync.websocket.path (overrides:3): must be a path such as /ws, is 'y'",
                "peersync.logging.format (environment LOG_FORMAT): must be one of text, json, is 'loud'",
                "peersync.colour (overrides:4): there is no such setting",
            ],
            faults.Select(static f => f.ToString()));
    }

    [Theory]
    [InlineData("peersync { port = ", "overrides:1: column 19: expected a value, found the end of the text")]
    [InlineData("peersync.port = ${MISSING}", "overrides:1: column 17: ${MISSING} is neither set nor a variable of the environment")]
    [InlineData("peersync = 5", "peersync (overrides:1): must be a section in braces")]
    public void A_text_that_is_no_configuration_is_one_fault(string text, string fault) =>
        Assert.Equal(fault, Assert.Single(Faults(text)).ToString());

    [Fact]
    public void A_missing_file_is_a_fault() =>
        Assert.Equal(
            "/nowhere/p.conf: the file does not exist",
            Assert.Single(PeerSyncConfiguration.Load("/nowhere/p.conf", HoconText.NoEnvironment).Faults).ToString());

    [Fact]
    public void Secrets_do_not_show_in_the_options()
    {
        var options = Options("peersync { admin.token = hidden, identity.jwt.private-key = hidden, storage.database-url = \"postgres://u:hidden@h/d\" }");

        Assert.DoesNotContain("hidden", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", options.Identity.Jwt.ToString(), StringComparison.Ordinal);
        Assert.Contains(Secret.Mask, options.Admin.ToString(), StringComparison.Ordinal);
    }

    private static PeerSyncOptions Options(string overrides, params (string Name, string Value)[] environment)
    {
        var configuration = Load(overrides, environment);
        Assert.Empty(configuration.Faults);
        Assert.True(configuration.IsValid);
        return configuration.Options;
    }

    private static IReadOnlyList<ConfigurationFault> Faults(string overrides, params (string Name, string Value)[] environment)
    {
        var configuration = Load(overrides, environment);
        Assert.Equal(configuration.Faults.Count == 0, configuration.IsValid);
        return configuration.Faults;
    }

    private static PeerSyncConfiguration Load(string overrides, (string Name, string Value)[] environment) =>
        PeerSyncConfiguration.LoadText(overrides, environment.ToDictionary(static v => v.Name, static v => v.Value));
}
