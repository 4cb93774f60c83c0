using Npgsql;
using PeerSync.Storage;
using PeerSync.Storage.Postgres;

namespace PeerSync.Tests.Storage;

public sealed class PostgresAddressTests
{
    private static readonly StorageOptions Options = new() { DataFolder = "unused", CommandTimeout = TimeSpan.FromSeconds(7), MaxPoolSize = 9 };

    [Theory]
    [InlineData("postgres://alice:secret@db.example.org:6543/peers", "db.example.org", 6543, "alice", "secret", "peers")]
    [InlineData("postgresql://alice:secret@db/peers", "db", 5432, "alice", "secret", "peers")]
    [InlineData("POSTGRES://alice@db/peers", "db", 5432, "alice", null, "peers")]
    [InlineData("postgres://db", "db", 5432, null, null, null)]
    [InlineData("postgres://db:5433/", "db", 5433, null, null, null)]
    [InlineData("postgres://a%40b:p%3A%2F%40%25@db/my%20peers", "db", 5432, "a@b", "p:/@%", "my peers")]
    [InlineData("postgres://alice:p@ss:w@db/peers", "db", 5432, "alice", "p@ss:w", "peers")]
    [InlineData("postgres://alice:secret@[::1]:6543/peers", "::1", 6543, "alice", "secret", "peers")]
    [InlineData("postgres://alice:secret@[fe80::1]/peers", "fe80::1", 5432, "alice", "secret", "peers")]
    [InlineData("postgres://one:1111,two:2222/peers", "one:1111,two:2222", 5432, null, null, "peers")]
    [InlineData("postgres:///peers?host=/var/run/postgresql&port=5434&user=alice&password=s%26t", "/var/run/postgresql", 5434, "alice", "s&t", "peers")]
    [InlineData("postgres://%2Fvar%2Frun%2Fpostgresql/peers", "/var/run/postgresql", 5432, null, null, "peers")]
    [InlineData("Host=db;Port=6543;Username=alice;Password=secret;Database=peers", "db", 6543, "alice", "secret", "peers")]
    [InlineData("server=db;user id=alice;password='a;b';database=peers", "db", 5432, "alice", "a;b", "peers")]
    public void Both_forms_name_host_port_user_password_and_database(
        string address,
        string host,
        int port,
        string? user,
        string? password,
        string? database)
    {
        var settings = PostgresAddress.Parse(address, Options);

        Assert.Equal((host, port, user, password, database), (settings.Host, settings.Port, settings.Username, settings.Password, settings.Database));
        using var source = NpgsqlDataSource.Create(settings.ConnectionString);
    }

    [Fact]
    public void Defaults_stand_where_the_address_says_nothing()
    {
        var settings = PostgresAddress.Parse("postgres://db/peers", Options);

        Assert.Equal((7, 7, 9), (settings.CommandTimeout, settings.Timeout, settings.MaxPoolSize));
        Assert.Equal(("peersync", 64), (settings.ApplicationName, settings.MaxAutoPrepare));
        Assert.Equal(SslMode.Prefer, settings.SslMode);
        Assert.Equal(GssEncryptionMode.Disable, settings.GssEncryptionMode);
    }

    [Theory]
    [InlineData("postgres://db/p?sslmode=verify-full&application_name=x&connect_timeout=3&connection_limit=4&schema=peersync&pgbouncer=true")]
    [InlineData("Host=db;Database=p;SSL Mode=VerifyFull;Application Name=x;Timeout=3;Maximum Pool Size=4;Search Path=peersync;Max Auto Prepare=0")]
    public void What_the_address_says_goes_before_the_defaults(string address)
    {
        var settings = PostgresAddress.Parse(address, Options);

        Assert.Equal(SslMode.VerifyFull, settings.SslMode);
        Assert.Equal(("x", 3, 4), (settings.ApplicationName, settings.Timeout, settings.MaxPoolSize));
        Assert.Equal(("peersync", 0), (settings.SearchPath, settings.MaxAutoPrepare));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("allow", SslMode.Allow)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    public void Every_ssl_mode_of_the_library_is_known(string text, SslMode mode) =>
        Assert.Equal(mode, PostgresAddress.Parse($"postgres://db/p?sslmode={text}", Options).SslMode);

    [Theory]
    [InlineData("mysql://alice:hunter2@db/peers")]
    [InlineData("postgres://alice:hunter2@/peers")]
    [InlineData("postgres://alice:hunter2@db:99999/peers")]
    [InlineData("postgres://alice:hunter2@db:x/peers")]
    [InlineData("postgres://alice:hunter2@db/peers?nosuch=1")]
    [InlineData("postgres://alice:hunter2@db/peers?sslmode=hunter2")]
    [InlineData("postgres://alice:hunter2@db/peers?connect_timeout=hunter2")]
    [InlineData("Password=hunter2;Database=peers")]
    [InlineData("Host=db;Password=hunter2;No Such Key=1")]
    [InlineData("Host=db;Password=hunter2;Port=x")]
    [InlineData("hunter2")]
    public void What_is_not_understood_is_refused_without_telling_the_password(string address)
    {
        var exception = Assert.Throws<ArgumentException>(() => PostgresAddress.Parse(address, Options));

        Assert.StartsWith("DATABASE_URL", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", exception.ToString(), StringComparison.Ordinal);
    }
}
