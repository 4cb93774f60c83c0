using System.Buffers;
using System.Net;
using PeerSync.Protocol.Calls;

namespace PeerSync.Host.Configuration;

/// <summary>Turns the settings into <see cref="PeerSyncOptions"/>, checking each by itself.</summary>
internal static class PeerSyncOptionsBinder
{
    private static readonly SearchValues<char> NotInOrigin = SearchValues.Create("/?#@* \t");

    private static readonly SearchValues<char> NotInPath = SearchValues.Create("?#*{} \t%");

    private static readonly (string, string)[] Environments =
        [("development", "development"), ("test", "test"), ("staging", "staging"), ("production", "production")];

    private static readonly (string, ServerFeatures)[] Features =
    [
        ("peers", ServerFeatures.Peers),
        ("rooms", ServerFeatures.Rooms),
        ("sync", ServerFeatures.Sync),
        ("sharing", ServerFeatures.Sharing),
        ("calls", ServerFeatures.Calls),
    ];

    // The second words are those that loggers of the products' own runtimes use.
    private static readonly (string, LogLevel)[] LogLevels =
    [
        ("trace", LogLevel.Trace),
        ("debug", LogLevel.Debug),
        ("info", LogLevel.Information),
        ("information", LogLevel.Information),
        ("warn", LogLevel.Warning),
        ("warning", LogLevel.Warning),
        ("error", LogLevel.Error),
        ("critical", LogLevel.Critical),
        ("fatal", LogLevel.Critical),
        ("none", LogLevel.None),
        ("silent", LogLevel.None),
    ];

    private static readonly (string, TokenMinting)[] Mintings =
        [("auto", TokenMinting.Auto), ("open", TokenMinting.Open), ("proven", TokenMinting.Proven)];

    private static readonly (string, bool)[] Tokenless = [("allow", true), ("deny", false)];

    private static readonly (string, RoomListForm)[] RoomListForms =
        [("auto", RoomListForm.Auto), ("object", RoomListForm.Object), ("array", RoomListForm.Array)];

    private static readonly (string, PeerIdForm)[] PeerIdForms = [("pseudonym", PeerIdForm.Pseudonym), ("device", PeerIdForm.Device)];

    private static readonly (string, bool)[] TurnProviders = [("coturn", false), ("managed", true)];

    private static readonly (string, LogFormat)[] LogFormats = [("text", LogFormat.Text), ("json", LogFormat.Json)];

    public static PeerSyncOptions Bind(SettingsReader reader) => new()
    {
        Environment = reader.Choice("environment", Environments),
        DataDirectory = reader.RequiredText("data-directory"),
        Listeners = Listeners(reader),
        Admin = reader.Section("admin", Admin),
        TrustedProxies = TrustedProxies(reader),
        Cors = reader.Section("cors", static section => new CorsSettings { Origins = Origins(section, allowsAny: true) }),
        WebSocket = reader.Section("websocket", WebSocket),
        RateLimits = reader.Section("rate-limits", RateLimits),
        Identity = reader.Section("identity", Identity),
        Storage = reader.Section("storage", Storage),
        Peers = reader.Section("peers", Peers),
        Sync = reader.Section("sync", Sync),
        Rooms = reader.Section("rooms", Rooms),
        Calls = reader.Section("calls", Calls),
        Sharing = reader.Section("sharing", section => SharingSettingsBinder.Bind(section, reader.Text("bind-address"))),
        Turn = reader.Section("turn", Turn),
        Logging = reader.Section("logging", static section => new LoggingSettings
        {
            Level = section.Choice("level", LogLevels),
            Format = section.Choice("format", LogFormats),
        }),
        Telemetry = reader.Section("telemetry", static section => new TelemetrySettings
        {
            OtlpEndpoint = HttpAddress(section, "otlp-endpoint"),
            ServiceName = section.RequiredText("service-name"),
        }),
        Shutdown = reader.Section("shutdown", static section => new ShutdownSettings
        {
            Timeout = section.Duration("timeout", "1s", "10m"),
            Spread = section.Duration("spread", "0s", "10m"),
        }),
    };

    private static IReadOnlyList<ListenerSettings> Listeners(SettingsReader reader)
    {
        var host = reader.RequiredText("bind-address");
        if (!ListenEndpoint.TryParseHost(host, out var scope, out var address) && host.Length > 0)
        {
            reader.Fault("bind-address", $"must be any, localhost or an address, is '{host}'");
        }

        var ports = new List<int> { reader.Integer("port", 0, 65535), reader.Integer("signaling-port", 0, 65535) };
        var listed = reader.Sections("listeners", Listener);
        if (listed.Count > 0)
        {
            return listed;
        }

        if (ports[0] == ports[1] && ports[0] != 0)
        {
            ports.RemoveAt(1);
        }

        return
        [
            .. ports.Select(port => new ListenerSettings
            {
                Endpoint = new ListenEndpoint { Scope = scope, Address = address, Port = port, UsesTls = false },
                Features = ServerFeatures.All,
                NamesFeatures = false,
            }),
        ];
    }

    private static ListenerSettings Listener(SettingsReader reader)
    {
        var endpoint = Endpoint(reader, "url");
        var names = reader.Has("features") ? reader.Texts("features") : [];
        var features = ServerFeatures.None;
        foreach (var name in names)
        {
            var feature = Features.FirstOrDefault(known => known.Item1.Equals(name, StringComparison.OrdinalIgnoreCase)).Item2;
            if (feature == ServerFeatures.None)
            {
                reader.Fault("features", $"there is no feature '{name}': peers, rooms, sync, sharing and calls are the features");
            }

            features |= feature;
        }

        return new ListenerSettings
        {
            Endpoint = endpoint ?? new ListenEndpoint { Scope = ListenScope.Localhost, Port = 0, UsesTls = false },
            Features = names.Count == 0 ? ServerFeatures.All : features,
            NamesFeatures = names.Count > 0,
            Certificate = reader.Has("certificate") ? reader.Section("certificate", Certificate) : null,
        };
    }

    private static CertificateSettings Certificate(SettingsReader reader) => new()
    {
        Path = reader.RequiredText("path"),
        KeyPath = reader.Has("key-path") ? reader.Text("key-path") : string.Empty,
        Password = reader.Has("password") ? reader.Secret("password") : Secret.None,
    };

    private static AdminSettings Admin(SettingsReader reader)
    {
        var url = reader.Text("url");
        return new AdminSettings
        {
            Endpoint = url is "" or "off" ? null : Endpoint(reader, "url"),
            Token = reader.Secret("token"),
        };
    }

    private static ListenEndpoint? Endpoint(SettingsReader reader, string key)
    {
        var url = reader.Text(key);
        if (!ListenEndpoint.TryParse(url, out var endpoint) && reader.Has(key))
        {
            reader.Fault(key, $"must look like http://any:3000, http://localhost:3000 or https://192.0.2.1:443, is '{url}'");
        }

        return endpoint;
    }

    private static List<IPNetwork> TrustedProxies(SettingsReader reader)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in reader.Texts("trusted-proxies"))
        {
            if (!text.Contains('/') && ListenEndpoint.TryParseHost(text, out var scope, out var address) && scope == ListenScope.Address)
            {
                networks.Add(new IPNetwork(address!, address!.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                reader.Fault("trusted-proxies", $"must hold addresses and networks such as 10.0.0.0/8 or 2001:db8::/32, holds '{text}'");
            }
        }

        return networks;
    }

    private static IReadOnlyList<string> Origins(SettingsReader reader, bool allowsAny)
    {
        var origins = reader.Texts("origins");
        if (allowsAny && origins is ["*"])
        {
            return origins;
        }

        foreach (var origin in origins)
        {
            var authority = origin.IndexOf("://", StringComparison.Ordinal) + 3;
            if (authority < 4
                || authority == origin.Length
                || origin.AsSpan(authority).ContainsAny(NotInOrigin)
                || !Uri.TryCreate(origin, UriKind.Absolute, out _))
            {
                reader.Fault("origins", $"must hold origins such as https://example.org, without a path, holds '{origin}'");
            }
        }

        return origins;
    }

    private static WebSocketSettings WebSocket(SettingsReader reader)
    {
        var path = reader.Text("path");
        if (reader.Has("path") && (!path.StartsWith('/') || path.AsSpan().ContainsAny(NotInPath)))
        {
            reader.Fault("path", $"must be a path such as /ws, is '{path}'");
        }

        return new WebSocketSettings
        {
            Path = path,
            Origins = Origins(reader, allowsAny: false),
            MaxMessageSize = reader.Size("max-message-size", "1KiB", "64MiB"),
            AuthTimeout = reader.Duration("auth-timeout", "100ms", "10m"),
            HeartbeatInterval = reader.Duration("heartbeat-interval", "100ms", "1h"),
            CloseTimeout = reader.Duration("close-timeout", "100ms", "1m"),
            InFlightMessages = reader.Integer("in-flight-messages", 1, 65536),
            Outbound = reader.Section("outbound", static section => new OutboundSettings
            {
                MaxMessages = section.Integer("max-messages", 16, 1_000_000),
                MaxBytes = section.Size("max-bytes", "4KiB", "1GiB"),
                StallTimeout = section.Duration("stall-timeout", "100ms", "10m"),
            }),
        };
    }

    private static RateLimitSettings RateLimits(SettingsReader reader) => new()
    {
        Enabled = reader.Boolean("enabled"),
        ConnectionsPerAddress = Bucket(reader, "connections-per-address", "per-second"),
        HttpRequestsPerAddress = Bucket(reader, "http-requests-per-address", "per-second"),
        OpenConnectionsPerAddress = reader.Integer("open-connections-per-address", 1, 1_000_000),
        FailedLoginsPerAddress = Bucket(reader, "failed-logins-per-address", "per-minute"),
        MessagesPerConnection = Bucket(reader, "messages-per-connection", "per-second"),
        RequestsPerIdentity = Bucket(reader, "requests-per-identity", "per-minute"),
        JoinAttemptsPerIdentity = Bucket(reader, "join-attempts-per-identity", "per-minute"),
        JoinAttemptsPerAddress = Bucket(reader, "join-attempts-per-address", "per-minute"),
    };

    private static TokenBucketSettings Bucket(SettingsReader reader, string key, string rateKey) => reader.Section(key, section => new TokenBucketSettings(
        section.Integer("burst", 1, 1_000_000),
        section.Integer(rateKey, 1, 1_000_000),
        rateKey == "per-second" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1)));

    private static IdentitySettings Identity(SettingsReader reader) => new()
    {
        Supabase = reader.Section("supabase", static section =>
        {
            _ = HttpAddress(section, "url");
            return new SupabaseSettings
            {
                Url = section.Text("url"),
                JwtSecret = section.Secret("jwt-secret"),
                AnonKey = section.Secret("anon-key"),
                ServiceRoleKey = section.Secret("service-role-key"),
                JwksCache = section.Duration("jwks-cache", "1s", "1d"),
                JwksTimeout = section.Duration("jwks-timeout", "100ms", "1m"),
                JwksRefreshInterval = section.Duration("jwks-refresh-interval", "1s", "1h"),
            };
        }),
        Jwt = reader.Section("jwt", static section => new JwtSettings
        {
            PublicKey = section.Text("public-key"),
            PrivateKey = section.Secret("private-key"),
            PublicKeyPath = section.Text("public-key-path"),
            PrivateKeyPath = section.Text("private-key-path"),
            Issuer = section.RequiredText("issuer"),
            Audience = section.RequiredText("audience"),
            Expiration = section.Duration("expiration", "1s", "365d", defaultUnit: "s"),
        }),
        ClockSkew = reader.Duration("clock-skew", "0s", "60s"),
        ExpiryGrace = reader.Duration("expiry-grace", "0s", "1h"),
    };

    private static StorageSettings Storage(SettingsReader reader)
    {
        var url = reader.ConnectionString("database-url");
        if (!url.IsEmpty && !LooksLikePostgres(url.Value))
        {
            reader.Fault("database-url", "must be postgres://user:password@host/database or a connection string such as Host=...;Database=...");
        }

        return new StorageSettings
        {
            DatabaseUrl = url,
            CommandTimeout = reader.Duration("command-timeout", "1s", "10m"),
            PoolSize = reader.Integer("pool-size", 1, 1000),
            AuditRetention = reader.Duration("audit-retention", "1h", "3650d"),
            Journal = reader.Section("journal", Journal),
        };
    }

    private static JournalSettings Journal(SettingsReader reader) => new()
    {
        WriteTimeout = reader.Duration("write-timeout", "100ms", "10m"),
        MaxQueuedEvents = reader.Integer("max-queued-events", 1, 10_000_000),
        MaxQueuedBytes = reader.Size("max-queued-bytes", "1MiB", "1GiB"),
        MaxGroupEvents = reader.Integer("max-group-events", 1, 100_000),
        MaxGroupBytes = reader.Size("max-group-bytes", "64KiB", "256MiB"),
    };

    private static bool LooksLikePostgres(string text) => text.Contains("://", StringComparison.Ordinal)
        ? Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "postgres" or "postgresql" && uri.Host.Length > 0
        : text.Split(';').Any(static part => part.TrimStart().StartsWith("Host", StringComparison.OrdinalIgnoreCase)
            || part.TrimStart().StartsWith("Server", StringComparison.OrdinalIgnoreCase));

    private static PeersSettings Peers(SettingsReader reader) => new()
    {
        RequestTimeout = reader.Duration("request-timeout", "1s", "1h"),
        SessionAbsence = reader.Duration("session-absence", "0s", "1h"),
        SharePresenceWithoutNetwork = reader.Boolean("share-presence-without-network"),
        MaxOpenRequestsPerPair = reader.Integer("max-open-requests-per-pair", 1, 10_000),
        MaxOpenRequests = reader.Integer("max-open-requests", 1, 10_000),
        MaxSessionsPerUser = reader.Integer("max-sessions-per-user", 1, 10_000),
        MaxDisplayName = reader.Integer("max-display-name", 1, 4096),
    };

    private static SyncSettings Sync(SettingsReader reader) => new()
    {
        ServerPrivateKey = reader.Secret("server-private-key"),
        ServerPublicKey = reader.Text("server-public-key"),
        AdminKey = reader.Secret("admin-key"),
        SessionTimeout = reader.Duration("session-timeout", "1s", "30d"),
        SessionMemory = reader.Duration("session-memory", "1s", "30d"),
        ReplayWindow = reader.Duration("replay-window", "1h", "3650d", defaultUnit: "d"),
        EventRetention = reader.Duration("event-retention", "1h", "3650d", defaultUnit: "d"),
        DeviceRetention = reader.Duration("device-retention", "1d", "3650d", defaultUnit: "d"),
        HandshakeTimeout = reader.Duration("handshake-timeout", "100ms", "10m"),
        MaxDevices = reader.Integer("max-devices", 1, 1000),
        MaxMessageSize = reader.Size("max-message-size", "1MiB", "64MiB"),
        EventsPerUser = Bucket(reader, "events-per-user", "per-minute"),
        RestLimit = reader.Section("rest-limit", static section => new SyncRestLimitSettings(
            section.Duration("window", "1s", "1h"), section.Integer("max-requests", 1, 1_000_000))),
        FailedLookups = reader.Section("failed-lookups", static section => new SyncFailedLookupSettings(
            section.Duration("window", "1s", "1d"), section.Integer("per-address", 1, 10_000), section.Integer("in-all", 1, 1_000_000))),
        CorsCredentials = reader.Boolean("cors-credentials"),
        Build = reader.Section("build", static section => new SyncBuildSettings(
            section.Text("version"), section.Text("commit"), section.Text("branch"), section.Text("time"))),
    };

    private static RoomsSettings Rooms(SettingsReader reader) => new()
    {
        AuthSecret = reader.Secret("auth-secret"),
        TokenLifetime = reader.Duration("token-lifetime", "1s", "30d"),
        Minting = reader.Choice("minting", Mintings),
        ApiKey = reader.Secret("api-key"),
        AdminKey = reader.Secret("admin-key"),
        AllowTokenless = reader.Choice("tokenless", Tokenless),
        ListForm = reader.Choice("list-form", RoomListForms),
        RoomInactivity = reader.Duration("room-inactivity", "100ms", "30d"),
        PeerHeartbeat = reader.Duration("peer-heartbeat", "100ms", "30d"),
        CleanupInterval = reader.Duration("cleanup-interval", "100ms", "1d"),
        ResumeGrace = reader.Duration("resume-grace", "0s", "10m"),
        AuthenticationTimeout = reader.Duration("authentication-timeout", "100ms", "10m"),
        MemoryWarning = reader.Integer("memory-warning", 0, 1_000_000),
        MemoryCritical = reader.Integer("memory-critical", 0, 1_000_000),
        MaxRooms = reader.Integer("max-rooms", 1, 10_000_000),
        MaxMembers = reader.Integer("max-members", 2, 100_000),
        MaxFrameSize = reader.Size("max-frame-size", "64KiB", "64MiB"),
        Frames = Bucket(reader, "frames", "per-second"),
        Tokens = Bucket(reader, "tokens", "per-minute"),
    };

    private static CallsSettings Calls(SettingsReader reader)
    {
        var moderators = reader.Texts("moderators");
        foreach (var device in moderators.Where(static device => !CallsDeviceId.IsValid(device)))
        {
            reader.Fault("moderators", $"must hold device ids of 1 to {CallsDeviceId.MaxLength} characters, holds '{device}'");
        }

        return new CallsSettings
        {
            JwtSecret = reader.Secret("jwt-secret"),
            TokenLifetime = reader.RequiredText("token-lifetime"),
            PeerIds = reader.Choice("peer-ids", PeerIdForms),
            Moderators = moderators,
            ModeratorKey = reader.Secret("moderator-key"),
            BanDuration = reader.Duration("ban-duration", "0s", "3650d") is var ban && ban > TimeSpan.Zero ? ban : null,
            ReportLease = reader.Duration("report-lease", "1s", "1d"),
            ReportRetention = reader.Duration("report-retention", "1h", "3650d"),
            EvidenceRetention = reader.Duration("evidence-retention", "1h", "365d"),
            DeviceRetention = reader.Duration("device-retention", "1d", "3650d"),
            Strikes = reader.Section("strikes", static section => new CallsStrikeSettings(
                section.Duration("memory", "1h", "3650d"), section.Duration("restriction", "1s", "365d"), section.Duration("ban", "1s", "3650d"))),
            ResumeGrace = reader.Duration("resume-grace", "0s", "5m"),
            Joins = Window(reader, "joins"),
            Events = Bucket(reader, "events", "per-second"),
            MaxPendingReporters = reader.Integer("max-pending-reporters", 0, 1_000_000),
            Matching = reader.Section("matching", static section => new CallsMatchingSettings(
                section.Duration("urgent-after-with-few", "1s", "1h"),
                section.Duration("urgent-after-with-some", "1s", "1h"),
                section.Duration("urgent-after-with-many", "1s", "1h"),
                section.Duration("recent-for", "0s", "30d"),
                section.Duration("rematch-after", "1s", "1d"),
                section.Integer("max-passed-over", 0, 1_000_000))),
            RestLimits = reader.Section("rest-limits", static section => (IReadOnlyList<CallsWindowSettings>)
                [Window(section, "short"), Window(section, "medium"), Window(section, "long")]),
        };

        static CallsWindowSettings Window(SettingsReader section, string name) => section.Section(name, window => new CallsWindowSettings(
            name, window.Duration("window", "1s", "1h"), window.Integer("max-requests", 1, 1_000_000)));
    }

    private static TurnSettings Turn(SettingsReader reader) => new()
    {
        IsProviderManaged = reader.Choice("provider", TurnProviders),
        StunUrls = reader.Texts("stun-urls"),

        // The original took these lists parted by commas, semicolons or blanks.
        Urls = [.. reader.Texts("urls").SelectMany(static urls => urls.Split([';', ' '], StringSplitOptions.RemoveEmptyEntries))],
        Host = reader.Text("host"),
        Port = reader.Integer("port", 1, 65535),
        TlsPort = reader.Integer("tls-port", 1, 65535),
        SharedSecret = reader.Secret("shared-secret"),
        Username = reader.Text("username"),
        Password = reader.Secret("password"),
        Lifetime = reader.Duration("lifetime", "1m", "7d"),
    };

    /// <summary>Reads an address of a web server; null where it is empty or none.</summary>
    internal static Uri? HttpAddress(SettingsReader reader, string key)
    {
        var text = reader.Text(key);
        if (text.Length == 0)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            return uri;
        }

        reader.Fault(key, $"must be an address such as https://example.org, is '{text}'");
        return null;
    }
}
