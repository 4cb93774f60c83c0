using System.Globalization;

namespace PeerSync.Host.Configuration;

/// <summary>Turns the settings of the Sharing feature into <see cref="SharingSettings"/>, checking each by itself.</summary>
internal static class SharingSettingsBinder
{
    private const string Off = "off";

    private static readonly (string, DevLoginMode)[] DevLogins = [("auto", DevLoginMode.Auto), ("on", DevLoginMode.On), (Off, DevLoginMode.Off)];

    private static readonly (string, bool)[] SharedPayloads = [("brief", false), ("full", true)];

    /// <summary>Reads the section.</summary>
    /// <param name="reader">Reads it.</param>
    /// <param name="bindAddress">The server's own address, for a listener that has none.</param>
    public static SharingSettings Bind(SettingsReader reader, string bindAddress) => new()
    {
        JwtSecret = reader.Secret("jwt-secret"),
        AccessLifetime = reader.Duration("access-lifetime", "10m", "30d"),
        RefreshLifetime = reader.Duration("refresh-lifetime", "1h", "365d"),
        DevLogin = reader.Choice("dev-login", DevLogins),
        GitHub = reader.Section("github", GitHub),
        HandshakeLifetime = reader.Duration("handshake-lifetime", "10s", "1h"),
        MaxDevices = reader.Integer("max-devices", 1, 16),
        InvitationLifetime = reader.Duration("invitation-lifetime", "1m", "365d"),
        MaxPendingInvitations = reader.Integer("max-pending-invitations", 1, 10_000),
        MaxTeamsPerUser = reader.Integer("max-teams-per-user", 1, 1000),
        MaxMembersPerTeam = reader.Integer("max-members-per-team", 1, 10_000),
        MaxShareSize = reader.Size("max-share-size", "64KiB", "128MiB"),
        MaxWraps = reader.Integer("max-wraps", 1, 100_000),
        MaxStoredPerUser = reader.LongSize("max-stored-per-user", "1MiB", "1TiB"),
        MaxBodyBytesInFlight = reader.LongSize("max-body-bytes-in-flight", "1MiB", "64GiB"),
        ShareRetention = reader.Duration("share-retention", "0s", "3650d") is var retention && retention > TimeSpan.Zero ? retention : null,
        DropFullFileContent = reader.Boolean("drop-full-file-content"),
        Feed = reader.Section("feed", static section => new SharingFeedSettings(
            section.Duration("retention", "1m", "365d"),
            section.Choice("shared-payloads", SharedPayloads),
            section.Integer("max-connections-per-user", 1, 10_000),
            section.Integer("resume-page", 1, 10_000))),
        Resp = reader.Section("resp", section => Resp(section, bindAddress)),
        RestLimits = reader.Section("rest-limits", static section => new SharingRestLimitSettings(
            Window(section, "auth"), Window(section, "reads"), Window(section, "writes"))),
    };

    private static SharingGitHubSettings GitHub(SettingsReader reader) => new()
    {
        ClientId = reader.Text("client-id"),
        ClientSecret = reader.Secret("client-secret"),
        RedirectUri = PeerSyncOptionsBinder.HttpAddress(reader, "redirect-uri"),
        ApiUrl = Address(reader, "api-url"),
        OAuthUrl = Address(reader, "oauth-url"),
        Timeout = reader.Duration("timeout", "100ms", "1m"),
    };

    private static Uri Address(SettingsReader reader, string key)
    {
        _ = reader.RequiredText(key);
        return PeerSyncOptionsBinder.HttpAddress(reader, key) ?? new Uri("about:blank");
    }

    private static SharingRespSettings Resp(SettingsReader reader, string bindAddress) => new()
    {
        Endpoint = Endpoint(reader, bindAddress),
        Password = reader.Secret("password"),
        Certificate = reader.Section("certificate", static section => new CertificateSettings
        {
            Path = section.Text("path"),
            KeyPath = section.Text("key-path"),
            Password = section.Secret("password"),
        }) is { Path.Length: > 0 } certificate ? certificate : null,
        MaxConnections = reader.Integer("max-connections", 1, 10_000_000),
        OutboundBytes = reader.Size("outbound-bytes", "64KiB", "256MiB"),
        HandshakeTimeout = reader.Duration("handshake-timeout", "100ms", "10m"),
    };

    private static ListenEndpoint? Endpoint(SettingsReader reader, string bindAddress)
    {
        var text = reader.Text("port");
        var host = reader.Text("bind-address");
        var isOwn = host.Length > 0;
        if (!ListenEndpoint.TryParseHost(isOwn ? host : bindAddress, out var scope, out var address) && isOwn)
        {
            reader.Fault("bind-address", $"must be any, localhost or an address, is '{host}'");
        }

        if (text.Equals(Off, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && reader.Has("port"))
        {
            reader.Fault("port", $"must be off or a number between 0 and 65535, is '{text}'");
        }

        return new ListenEndpoint { Scope = scope, Address = address, Port = port, UsesTls = false };
    }

    private static SharingWindowSettings Window(SettingsReader reader, string name) => reader.Section(name, static window => new SharingWindowSettings(
        window.Duration("window", "1s", "1h"), window.Integer("max-requests", 1, 1_000_000)));
}
