using PeerSync.Host.Configuration;
using PeerSync.Tests.Configuration.Hocon;

namespace PeerSync.Tests.Configuration;

public sealed class CheckConfigCommandTests
{
    [Fact]
    public void A_valid_configuration_is_printed_with_its_origins_in_the_order_of_the_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("my.conf", """
            peersync {
              telemetry.service-name = "my server"
              cors.origins = ["https://a.example", "https://b.example"]
            }
            """);

        var (code, output, error) = Run(file, ("PORT", "8080"), ("TRUSTED_PROXIES", "127.0.0.1"));

        Assert.Equal((0, string.Empty), (code, error));
        var lines = output.TrimEnd().Split('\n');
        Assert.StartsWith("peersync.environment = development  # built-in peersync.conf:", lines[0], StringComparison.Ordinal);
        Assert.Contains("peersync.port = 8080  # environment PORT", lines);
        Assert.Contains("peersync.trusted-proxies = 127.0.0.1  # environment TRUSTED_PROXIES", lines);
        Assert.Contains($"peersync.telemetry.service-name = \"my server\"  # {file}:2", lines);
        Assert.Contains($"peersync.cors.origins = [\"https://a.example\", \"https://b.example\"]  # {file}:3", lines);
        Assert.StartsWith("peersync.shutdown.spread = 2s  # built-in", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_printed_is_hocon_that_means_the_same()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("my.conf", """
            peersync {
              listeners = [{ url = "http://any:5000", features = [peers] }]
              telemetry.service-name = "a # \"b\" null"
              websocket.path = "//x"
            }
            """);
        var environment = new Dictionary<string, string> { ["JWT_ISSUER"] = "null", ["LOG_LEVEL"] = "DEBUG" };
        using var output = new StringWriter();
        Assert.Equal(0, CheckConfigCommand.Run(file, environment, output, TextWriter.Null));

        var again = PeerSyncConfiguration.LoadText(output.ToString(), HoconText.NoEnvironment);

        Assert.Empty(again.Faults);
        Assert.Equal(
            PeerSyncConfiguration.Load(file, environment).Effective!.Settings.Select(static s => (s.Path, s.Value)),
            again.Effective!.Settings.Select(static s => (s.Path, s.Value)));
        Assert.Equal("null", again.Options!.Identity.Jwt.Issuer);
    }

    [Fact]
    public void Secrets_are_masked()
    {
        using var folder = new TemporaryFolder();
        var certificate = folder.Write("c.pfx", "x");
        var file = folder.Write("my.conf", $$"""
            peersync.listeners = [{ url = "https://any:5000", certificate { path = "{{certificate}}", password = hidden1 } }]
            """);

        var (code, output, _) = Run(
            file,
            ("ADMIN_TOKEN", "hidden2"),
            ("SUPABASE_URL", "https://abc.supabase.co"),
            ("SUPABASE_JWT_SECRET", "hidden3"),
            ("SUPABASE_ANON_KEY", "hidden4"),
            ("SUPABASE_SERVICE_ROLE_KEY", "hidden5"),
            ("JWT_PRIVATE_KEY", "hidden6"),
            ("DATABASE_URL", "postgres://user:hidden7@db.example:5432/peersync"));

        Assert.Equal(0, code);
        Assert.DoesNotContain("hidden", output, StringComparison.Ordinal);
        Assert.Contains("peersync.listeners.0.certificate.password = \"***\"  #", output, StringComparison.Ordinal);
        Assert.Contains("peersync.admin.token = \"***\"  # environment ADMIN_TOKEN", output, StringComparison.Ordinal);
        Assert.Contains("peersync.identity.jwt.private-key = \"***\"  #", output, StringComparison.Ordinal);
        Assert.Contains("peersync.storage.database-url = \"postgres://user:***@db.example:5432/peersync\"  #", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://h/d", "postgres://h/d")]
    [InlineData("postgres://u@h/d", "postgres://u@h/d")]
    [InlineData("postgresql://u:p@h:5/d?sslmode=require", "postgresql://u:***@h:5/d?sslmode=require")]
    [InlineData("postgres://u:p@/:x@h/d", "postgres://u:***@h/d")]
    [InlineData("postgres://h/d?user=u&password=p", "***")]
    [InlineData("Host=h;Username=u;Password=\"p;x\";Database=d", "host=h;username=u;password=***;database=d")]
    [InlineData("Host=h;Pwd=p", "host=h;pwd=***")]
    [InlineData("Host=h;SSL Password=p", "host=h;ssl password=***")]
    [InlineData("Host=h;=p", "***")]
    [InlineData("", "")]
    public void A_connection_string_is_shown_without_its_password(string text, string shown) =>
        Assert.Equal(shown, EffectiveConfiguration.MaskPassword(text), ignoreCase: true);

    [Fact]
    public void An_invalid_configuration_prints_every_fault_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("my.conf", "peersync {\n  prot = 1\n  admin.token = hidden\n}");

        var (code, output, error) = Run(file, ("PORT", "99999"));

        Assert.Equal((1, string.Empty), (code, output));
        Assert.Equal(
            $"peersync.port (environment PORT): must be between 0 and 65535, is 99999\npeersync.prot ({file}:2): there is no such setting\n",
            error);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_a_fault()
    {
        var (code, output, error) = Run("/nowhere/my.conf");

        Assert.Equal((1, string.Empty, "/nowhere/my.conf: the file does not exist\n"), (code, output, error));
    }

    private static (int Code, string Output, string Error) Run(string? file, params (string Name, string Value)[] environment)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CheckConfigCommand.Run(file, environment.ToDictionary(static v => v.Name, static v => v.Value), output, error);
        return (code, output.ToString(), error.ToString());
    }
}
