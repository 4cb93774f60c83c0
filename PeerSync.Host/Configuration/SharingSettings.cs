namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.sharing</c>: the Sharing feature.</summary>
internal sealed record SharingSettings
{
    /// <summary>What tokens are signed with; empty to make one outside production.</summary>
    public required Secret JwtSecret { get; init; }

    /// <summary>How long a token opens the routes.</summary>
    public required TimeSpan AccessLifetime { get; init; }

    /// <summary>How long a login can be renewed.</summary>
    public required TimeSpan RefreshLifetime { get; init; }

    /// <summary>Whether anybody may log in under any name.</summary>
    public required DevLoginMode DevLogin { get; init; }

    public required SharingGitHubSettings GitHub { get; init; }

    /// <summary>How long a login in the browser may take.</summary>
    public required TimeSpan HandshakeLifetime { get; init; }

    /// <summary>Devices of one user, 1 to 16.</summary>
    public required int MaxDevices { get; init; }

    /// <summary>How long an invitation can be accepted.</summary>
    public required TimeSpan InvitationLifetime { get; init; }

    /// <summary>Invitations of one team that wait.</summary>
    public required int MaxPendingInvitations { get; init; }

    public required int MaxTeamsPerUser { get; init; }

    public required int MaxMembersPerTeam { get; init; }

    /// <summary>The largest request that shares, in bytes.</summary>
    public required int MaxShareSize { get; init; }

    /// <summary>Wrapped keys of one share.</summary>
    public required int MaxWraps { get; init; }

    /// <summary>What all shares of one user may take, in bytes.</summary>
    public required long MaxStoredPerUser { get; init; }

    /// <summary>What the bodies of all requests under way may take, in bytes.</summary>
    public required long MaxBodyBytesInFlight { get; init; }

    /// <summary>How long shares are kept where their team does not say; null for ever.</summary>
    public required TimeSpan? ShareRetention { get; init; }

    /// <summary>Whether <c>fullFileContent</c> is dropped from the metadata of shares.</summary>
    public required bool DropFullFileContent { get; init; }

    public required SharingFeedSettings Feed { get; init; }

    public required SharingRespSettings Resp { get; init; }

    public required SharingRestLimitSettings RestLimits { get; init; }
}

/// <summary>Whether anybody may log in under any name.</summary>
internal enum DevLoginMode
{
    /// <summary>Outside production alone.</summary>
    Auto,

    On,

    Off,
}

/// <summary>Where users are asked for.</summary>
internal sealed record SharingGitHubSettings
{
    /// <summary>The OAuth application's id; empty where there is none.</summary>
    public required string ClientId { get; init; }

    public required Secret ClientSecret { get; init; }

    /// <summary>Where GitHub sends browsers back to; null where there is no application.</summary>
    public required Uri? RedirectUri { get; init; }

    /// <summary>The interface's base.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>The base of the pages that browsers are sent to.</summary>
    public required Uri OAuthUrl { get; init; }

    /// <summary>How long an answer is waited for.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Whether the login in the browser is open.</summary>
    public bool IsConfigured => ClientId.Length > 0;
}

/// <summary>The feed of events.</summary>
/// <param name="Retention">How long events are kept.</param>
/// <param name="SharedPayloadsAreFull">Whether connections with the shared password are told titles and names.</param>
/// <param name="MaxConnectionsPerUser">Connections of one user at a time.</param>
/// <param name="ResumePage">Events read at once for a client that comes back.</param>
internal sealed record SharingFeedSettings(TimeSpan Retention, bool SharedPayloadsAreFull, int MaxConnectionsPerUser, int ResumePage);

/// <summary>The RESP2 listener.</summary>
internal sealed record SharingRespSettings
{
    /// <summary>Where it listens; null where it is closed.</summary>
    public required ListenEndpoint? Endpoint { get; init; }

    /// <summary>The shared password; empty to make one outside production, and to take tokens alone in it.</summary>
    public required Secret Password { get; init; }

    /// <summary>Its certificate; null without TLS.</summary>
    public required CertificateSettings? Certificate { get; init; }

    public required int MaxConnections { get; init; }

    /// <summary>What may wait for one connection, in bytes.</summary>
    public required int OutboundBytes { get; init; }

    /// <summary>How long a connection may take to log in.</summary>
    public required TimeSpan HandshakeTimeout { get; init; }
}

/// <summary>How many requests are answered.</summary>
/// <param name="Auth">Requests to log in, for each client address.</param>
/// <param name="Reads">Requests that read, for each user.</param>
/// <param name="Writes">Requests that write, for each user.</param>
internal sealed record SharingRestLimitSettings(SharingWindowSettings Auth, SharingWindowSettings Reads, SharingWindowSettings Writes);

/// <summary>A window in which requests are counted.</summary>
/// <param name="Window">How long it is.</param>
/// <param name="MaxRequests">The most in it.</param>
internal sealed record SharingWindowSettings(TimeSpan Window, int MaxRequests);
