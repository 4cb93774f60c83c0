using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>The rules that concern several settings, the environment or the machine.</summary>
internal sealed class PeerSyncOptionsValidator
{
    private const int LeastSecretLength = 32;
    private const int LeastRoomsSecretLength = 16;

    // What the samples in documents say instead of being secret.
    private static readonly string[] SampleWords = ["dev-jwt-secret", "dev-turn-shared-secret", "change-me", "changeme", "change-in-production", "change-this", "your-"];

    private readonly PeerSyncOptions _options;
    private readonly HoconObject _settings;
    private readonly SettingsFindings _findings;

    private PeerSyncOptionsValidator(PeerSyncOptions options, HoconObject settings, SettingsFindings findings)
    {
        _options = options;
        _settings = settings;
        _findings = findings;
    }

    /// <summary>Notes every rule that the options break.</summary>
    /// <param name="options">The options, each right by itself.</param>
    /// <param name="settings">Where they were read from.</param>
    /// <param name="findings">Takes the faults.</param>
    public static void Validate(PeerSyncOptions options, HoconObject settings, SettingsFindings findings)
    {
        var validator = new PeerSyncOptionsValidator(options, settings, findings);
        validator.ValidateListeners();
        validator.ValidateAdmin();
        validator.ValidateWebSocket();
        validator.ValidateSupabase();
        validator.ValidateKeys();
        validator.ValidatePeers();
        validator.ValidateSync();
        validator.ValidateRooms();
        validator.ValidateCalls();
        validator.ValidateSharing();
        validator.ValidateShutdown();
    }

    private void ValidateListeners()
    {
        for (var i = 0; i < _options.Listeners.Count; i++)
        {
            var listener = _options.Listeners[i];
            var path = $"listeners.{i}";
            if (listener.Endpoint.UsesTls && listener.Certificate is null)
            {
                Fault($"{path}.url", "https needs a certificate");
            }

            if (listener.Certificate is { } certificate)
            {
                if (!listener.Endpoint.UsesTls)
                {
                    Fault($"{path}.url", "a certificate is of no use without https");
                }

                RequireFile($"{path}.certificate.path", certificate.Path);
                RequireFile($"{path}.certificate.key-path", certificate.KeyPath);
            }

            if (_options.Listeners.Take(i).Any(other => Collide(other.Endpoint, listener.Endpoint)))
            {
                Fault($"{path}.url", "another listener has the same port");
            }
        }
    }

    private void ValidateAdmin()
    {
        if (_options.Admin.Endpoint is not { } endpoint)
        {
            return;
        }

        if (endpoint.UsesTls)
        {
            Fault("admin.url", "must be http: put a proxy in front to reach it over https");
        }

        if (_options.Listeners.Any(listener => Collide(listener.Endpoint, endpoint)))
        {
            Fault("admin.url", "a listener for clients has the same port");
        }

        if (!endpoint.IsLoopback && _options.Admin.Token.Value.Length < LeastSecretLength)
        {
            Fault("admin.token", $"must have at least {LeastSecretLength} characters when admin.url can be reached from other machines");
        }
    }

    private void ValidateWebSocket()
    {
        if (_options.WebSocket.Outbound.MaxBytes < _options.WebSocket.MaxMessageSize)
        {
            Fault("websocket.outbound.max-bytes", "must not be less than websocket.max-message-size, or such a message could not be passed on");
        }
    }

    private void ValidateSupabase()
    {
        var supabase = _options.Identity.Supabase;
        if (supabase.Url.Length == 0)
        {
            if (!supabase.JwtSecret.IsEmpty)
            {
                Fault("identity.supabase.jwt-secret", "is of no use without identity.supabase.url (SUPABASE_URL), which names the issuer");
            }

            return;
        }

        if (supabase.Url.EndsWith('/'))
        {
            Fault("identity.supabase.url", "must not end with a slash: the issuer in the tokens is this address with /auth/v1 behind it");
        }

        if (!_options.IsProduction)
        {
            return;
        }

        var uri = new Uri(supabase.Url);
        if (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
        {
            Fault("identity.supabase.url", "must be https in production: the keys fetched from there decide who gets in");
        }

        if (!supabase.JwtSecret.IsEmpty && supabase.JwtSecret.Value.Length < LeastSecretLength)
        {
            Fault("identity.supabase.jwt-secret", $"must have at least {LeastSecretLength} characters in production");
        }
    }

    private void ValidateKeys()
    {
        var jwt = _options.Identity.Jwt;
        if (jwt.PublicKey.Length == 0)
        {
            RequireFile("identity.jwt.public-key-path", jwt.PublicKeyPath);
        }

        else if (jwt.PublicKey.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            Fault("identity.jwt.public-key", "holds a private key; only the public one belongs here");
        }

        if (jwt.PrivateKey.IsEmpty)
        {
            RequireFile("identity.jwt.private-key-path", jwt.PrivateKeyPath);
        }

        if (_options.IsProduction && _options.Identity.Supabase.Url.Length == 0 && jwt.PublicKey.Length == 0 && jwt.PublicKeyPath.Length == 0)
        {
            Fault("identity", "production needs a key to verify tokens with: set SUPABASE_URL, JWT_PUBLIC_KEY or JWT_PUBLIC_KEY_PATH");
        }
    }

    private void ValidatePeers()
    {
        if (_options.Peers.MaxOpenRequests < _options.Peers.MaxOpenRequestsPerPair)
        {
            Fault("peers.max-open-requests", "must not be less than peers.max-open-requests-per-pair");
        }
    }

    private void ValidateSync()
    {
        var sync = _options.Sync;
        if (_options.IsProduction && sync.ServerPrivateKey.IsEmpty && _options.Serves(ServerFeatures.Sync))
        {
            Fault(
                "sync.server-private-key",
                "production needs the server's key: set SERVER_PRIVATE_KEY_HEX, or name the features of each listener without sync");
        }

        if (sync.ServerPrivateKey.IsEmpty && sync.ServerPublicKey.Length > 0)
        {
            Fault("sync.server-public-key", "is of no use without sync.server-private-key (SERVER_PRIVATE_KEY_HEX)");
        }

        if (sync.EventRetention < sync.ReplayWindow)
        {
            Fault("sync.event-retention", "must not be less than sync.replay-window");
        }
    }

    private void ValidateRooms()
    {
        var rooms = _options.Rooms;
        if (_options.IsProduction && rooms.AuthSecret.IsEmpty && _options.Serves(ServerFeatures.Rooms))
        {
            Fault("rooms.auth-secret", "production needs the rooms' secret: set AUTH_SECRET, or name the features of each listener without rooms");
        }

        // Whoever has a token can try secrets on it, as many a second as the machine computes.
        if (_options.IsProduction && !rooms.AuthSecret.IsEmpty && rooms.AuthSecret.Value.Length < LeastRoomsSecretLength)
        {
            Fault("rooms.auth-secret", $"must have at least {LeastRoomsSecretLength} characters in production");
        }

        if (rooms.MemoryCritical != 0 && rooms.MemoryCritical < rooms.MemoryWarning)
        {
            Fault("rooms.memory-critical", "must not be less than rooms.memory-warning");
        }

        var turn = _options.Turn;
        if (turn.Username.Length > 0 && turn.Password.IsEmpty)
        {
            Fault("turn.password", "is needed together with turn.username");
        }
    }

    private void ValidateCalls()
    {
        if (!_options.IsProduction || !_options.Serves(ServerFeatures.Calls))
        {
            return;
        }

        RequireOwnSecret("calls.jwt-secret", "JWT_SECRET", "calls", _options.Calls.JwtSecret);
        if (!_options.Turn.IsManaged)
        {
            RequireOwnSecret("turn.shared-secret", "TURN_SHARED_SECRET", "calls", _options.Turn.SharedSecret);
        }

        if (!_options.Calls.ModeratorKey.IsEmpty)
        {
            RequireOwnSecret("calls.moderator-key", "MODERATOR_KEY", "calls", _options.Calls.ModeratorKey);
        }
    }

    private void ValidateSharing()
    {
        var sharing = _options.Sharing;
        var github = sharing.GitHub;
        if (github.ClientId.Length > 0 && (github.ClientSecret.IsEmpty || github.RedirectUri is null))
        {
            Fault("sharing.github", "a client id needs its secret and its address: set GITHUB_CLIENT_SECRET and GITHUB_REDIRECT_URI");
        }

        if (sharing.Resp.Certificate is { } certificate)
        {
            RequireFile("sharing.resp.certificate.path", certificate.Path);
            RequireFile("sharing.resp.certificate.key-path", certificate.KeyPath);
        }

        if (sharing.Resp.Endpoint is { } resp && _options.Serves(ServerFeatures.Sharing)
            && (_options.Listeners.Any(listener => Collide(listener.Endpoint, resp)) || (_options.Admin.Endpoint is { } admin && Collide(admin, resp))))
        {
            Fault("sharing.resp.port", "another listener has the same port");
        }

        if (sharing.MaxBodyBytesInFlight < sharing.MaxShareSize)
        {
            Fault("sharing.max-body-bytes-in-flight", "must not be less than sharing.max-share-size");
        }

        if (!_options.IsProduction || !_options.Serves(ServerFeatures.Sharing))
        {
            return;
        }

        RequireOwnSecret("sharing.jwt-secret", "JWT_SECRET", "sharing", sharing.JwtSecret);
        if (sharing.DevLogin == DevLoginMode.On)
        {
            Fault("sharing.dev-login", "must not be on in production: anybody could log in as anybody");
        }
    }

    private void RequireOwnSecret(string path, string variable, string feature, Secret secret)
    {
        if (secret.IsEmpty)
        {
            Fault(path, $"production needs a secret for {feature}: set {variable}, or name the features of each listener without {feature}");
        }
        else if (secret.Value.Length < LeastSecretLength)
        {
            Fault(path, $"must have at least {LeastSecretLength} characters in production");
        }
        else if (SampleWords.Any(word => secret.Value.Contains(word, StringComparison.OrdinalIgnoreCase)))
        {
            Fault(path, "looks like a sample from a document: choose one of your own");
        }
    }

    private void ValidateShutdown()
    {
        if (_options.Shutdown.Spread >= _options.Shutdown.Timeout)
        {
            Fault("shutdown.spread", "must be less than shutdown.timeout");
        }
    }

    private static bool Collide(ListenEndpoint one, ListenEndpoint other) => one.Port == other.Port && one.Port != 0
        && (Covers(one, other) || Covers(other, one));

    private static bool Covers(ListenEndpoint one, ListenEndpoint other) => one.Scope switch
    {
        ListenScope.Any => true,
        ListenScope.Localhost => other.IsLoopback,
        _ => one.Address!.Equals(other.Address),
    };

    private void RequireFile(string path, string file)
    {
        if (file.Length > 0 && !File.Exists(file))
        {
            Fault(path, $"the file '{file}' does not exist");
        }
    }

    private void Fault(string path, string message) => _findings.Fault($"peersync.{path}", FindOrigin(path), message);

    /// <summary>The place of a setting, or of the section or list that it would be in.</summary>
    private HoconOrigin? FindOrigin(string path)
    {
        HoconValue value = _settings;
        foreach (var element in path.Split('.'))
        {
            var next = value switch
            {
                HoconObject container => container.Find(element),
                HoconArray array when int.TryParse(element, out var index) && index < array.Items.Count => array.Items[index],
                _ => null,
            };
            if (next is null)
            {
                break;
            }

            value = next;
        }

        return value.Origin;
    }
}
