using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace PeerSync.Storage.Postgres;

/// <summary>Reads DATABASE_URL: the <c>postgres://</c> form of PostgreSQL's own library and of hosting platforms, or Npgsql's <c>Key=value</c> form.</summary>
/// <remarks>No message holds a value of it, because one of them is a password.</remarks>
internal static class PostgresAddress
{
    /// <summary>The settings of a connection: our defaults, under what the address says.</summary>
    /// <exception cref="ArgumentException">The address is in neither form, or has a part that is not understood; the message names the part.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string address, StorageOptions options)
    {
        var settings = Defaults(options);
        if (address.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase))
        {
            ApplyUrl(settings, address);
        }
        else if (address.Contains("://", StringComparison.Ordinal))
        {
            throw new ArgumentException("DATABASE_URL: the scheme must be postgres:// or postgresql://.", nameof(address));
        }
        else
        {
            ApplyKeywords(settings, address);
        }

        if (string.IsNullOrEmpty(settings.Host))
        {
            throw new ArgumentException("DATABASE_URL: the host is missing.", nameof(address));
        }

        return settings;
    }

    private static NpgsqlConnectionStringBuilder Defaults(StorageOptions options) => new()
    {
        ApplicationName = "peersync",
        MaxPoolSize = options.MaxPoolSize,
        CommandTimeout = (int)options.CommandTimeout.TotalSeconds,

        // Also the wait for a free connection of the pool.
        Timeout = (int)options.CommandTimeout.TotalSeconds,
        TcpKeepAlive = true,
        MaxAutoPrepare = 64,
        AutoPrepareMinUsages = 2,

        // Sessions hold no state but the one setting made when they open, so there is nothing to reset.
        NoResetOnClose = true,

        // Kerberos is asked for by name or not at all: looking for it costs a library that small images lack.
        GssEncryptionMode = GssEncryptionMode.Disable,
    };

    private static void ApplyKeywords(NpgsqlConnectionStringBuilder settings, string address)
    {
        var given = new DbConnectionStringBuilder();
        try
        {
            given.ConnectionString = address;
        }
        catch (ArgumentException)
        {
            // The original exception quotes the text, with its password.
            throw new ArgumentException("DATABASE_URL: neither a postgres:// address nor a list of Key=value pairs.", nameof(address));
        }

        foreach (string key in given.Keys)
        {
            Set(settings, key, given[key]);
        }
    }

    private static void ApplyUrl(NpgsqlConnectionStringBuilder settings, string address)
    {
        // Not System.Uri: it refuses lists of hosts, and empty hosts beside ?host=.
        var rest = address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (beforeQuery, query) = Split(rest, '?');
        var (authority, database) = Split(beforeQuery, '/');
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var (user, password) = Split(authority[..at], ':');
            settings.Username = Unescape(user);
            settings.Password = password.Length == 0 ? null : Unescape(password);
        }

        ApplyHosts(settings, authority[(at + 1)..]);
        if (database.Length != 0)
        {
            settings.Database = Unescape(database);
        }

        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(pair, '=');
            ApplyParameter(settings, Unescape(name), Unescape(value));
        }
    }

    private static void ApplyHosts(NpgsqlConnectionStringBuilder settings, string hosts)
    {
        if (hosts.Length == 0)
        {
            return;
        }

        if (hosts.Contains(','))
        {
            // Npgsql takes the same list, each with its port.
            settings.Host = Unescape(hosts);
            return;
        }

        var colon = hosts.LastIndexOf(':');
        var isPort = colon > hosts.LastIndexOf(']');
        var host = isPort ? hosts[..colon] : hosts;
        settings.Host = Unescape(host).TrimStart('[').TrimEnd(']');
        if (isPort && colon + 1 < hosts.Length)
        {
            settings.Port = ParsePort(hosts[(colon + 1)..]);
        }
    }

    private static void ApplyParameter(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name.ToLowerInvariant())
        {
            case "port":
                settings.Port = ParsePort(value);
                break;
            case "sslmode":
                // Npgsql writes verify-full as one word.
                Set(settings, "SSL Mode", value.Replace("-", string.Empty, StringComparison.Ordinal));
                break;
            case "gssencmode":
                Set(settings, "GSS Encryption Mode", value);
                break;
            case "pgbouncer":
                // A pooler that changes the connection between transactions loses prepared statements.
                settings.MaxAutoPrepare = string.Equals(value, "true", StringComparison.OrdinalIgnoreCase) ? 0 : settings.MaxAutoPrepare;
                break;
            default:
                Set(settings, KeywordOf(name), value);
                break;
        }
    }

    private static string KeywordOf(string name) => name.ToLowerInvariant() switch
    {
        "host" => "Host",
        "user" => "Username",
        "password" => "Password",
        "dbname" => "Database",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "sslpassword" => "SSL Password",
        "channel_binding" => "Channel Binding",
        "application_name" => "Application Name",
        "connect_timeout" => "Timeout",
        "options" => "Options",
        "target_session_attrs" => "Target Session Attributes",
        "schema" => "Search Path",
        "connection_limit" => "Maximum Pool Size",
        _ => throw new ArgumentException($"DATABASE_URL: the parameter '{name}' is not known.", nameof(name)),
    };

    private static void Set(NpgsqlConnectionStringBuilder settings, string keyword, object? value)
    {
        try
        {
            settings[keyword] = value!;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new ArgumentException($"DATABASE_URL: '{keyword}' is not known or has a value that it cannot have.", nameof(keyword));
        }
    }

    private static int ParsePort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port != 0
            ? port
            : throw new ArgumentException("DATABASE_URL: the port is not a number from 1 to 65535.", nameof(text));

    private static string Unescape(string text) => Uri.UnescapeDataString(text);

    private static (string Before, string After) Split(string text, char separator)
    {
        var position = text.IndexOf(separator, StringComparison.Ordinal);
        return position < 0 ? (text, string.Empty) : (text[..position], text[(position + 1)..]);
    }
}
