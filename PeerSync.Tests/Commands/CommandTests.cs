using PeerSync.Host.Commands;
using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Host.Serving;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Commands;

public sealed class CommandTests
{
    private static CancellationToken Cancel => PeerSyncTestHost.Cancel;

    [Fact]
    public async Task Token_mints_what_the_server_accepts()
    {
        var folder = Directory.CreateTempSubdirectory("peersync-token-").FullName;
        try
        {
            var configuration = Load($"data-directory = \"{folder}\"");
            using var output = new StringWriter();
            Assert.Equal(ExitCode.Ok, TokenCommand.Run(configuration, "alice", "Alice", "a@example.test", "30m", output, TextWriter.Null));

            using var loggers = new Microsoft.Extensions.Logging.LoggerFactory();
            await using var identity = IdentityServices.Create(OptionsMapping.Identity(configuration.Options!), TimeProvider.System, loggers);
            var verification = await identity.Verifier.VerifyAsync(output.ToString().Trim(), Cancel);
            Assert.True(verification.IsValid);
            Assert.Equal("alice", verification.Identity!.UserId.Value);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Token_refuses_a_lifetime_that_is_none()
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCode.Failed, TokenCommand.Run(Load(string.Empty), "alice", null, null, "soon", TextWriter.Null, error));
        Assert.Contains("'soon'", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_and_doctor_ask_the_running_node()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await host.RegisterAsync("alice");
        var configuration = Load($"admin.url = \"{host.AdminAddress.GetLeftPart(UriPartial.Authority)}\"\ndata-directory = \"{Path.GetTempPath()}\"");
        using var sessions = new StringWriter();
        Assert.Equal(ExitCode.Ok, await SessionsCommand.RunAsync(configuration, 10, sessions, TextWriter.Null, Cancel));
        Assert.Contains("alice", sessions.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 of 1 connections", sessions.ToString(), StringComparison.Ordinal);

        using var doctor = new StringWriter();
        await DoctorCommand.RunAsync(configuration, doctor, Cancel);
        Assert.Contains("1 connections, 1 peers, 0 sessions", doctor.ToString(), StringComparison.Ordinal);
        Assert.Contains("ok      check storage", doctor.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_node_they_fail_and_say_so()
    {
        var configuration = Load($"admin.url = \"http://127.0.0.1:9\"\ndata-directory = \"{Path.GetTempPath()}\"");
        using var error = new StringWriter();
        Assert.Equal(ExitCode.Failed, await SessionsCommand.RunAsync(configuration, 10, TextWriter.Null, error, Cancel));
        Assert.Contains("The node cannot be asked", error.ToString(), StringComparison.Ordinal);
        using var doctor = new StringWriter();
        Assert.Equal(ExitCode.Failed, await DoctorCommand.RunAsync(configuration, doctor, Cancel));
        Assert.Contains("FAILED  node at http://127.0.0.1:9", doctor.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthcheck_says_whether_the_server_is_ready()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var configuration = Load($"listeners = [{{ url = \"{host.Address.GetLeftPart(UriPartial.Authority)}\" }}]");
        Assert.Equal(ExitCode.Ok, await HealthcheckCommand.RunAsync(configuration, TextWriter.Null, Cancel));

        using var error = new StringWriter();
        Assert.Equal(ExitCode.Failed, await HealthcheckCommand.RunAsync(Load("listeners = [{ url = \"http://127.0.0.1:9\" }]"), error, Cancel));
        Assert.NotEmpty(error.ToString());
    }

    [Fact]
    public async Task A_wrong_configuration_is_reported_by_every_command()
    {
        var configuration = Load("prot = 1");
        Assert.Null(configuration.Options);
        using var output = new StringWriter();
        Assert.Equal(ExitCode.Failed, TokenCommand.Run(configuration, "alice", null, null, null, TextWriter.Null, output));
        Assert.Equal(ExitCode.Failed, await SessionsCommand.RunAsync(configuration, 1, TextWriter.Null, output, Cancel));
        Assert.Equal(ExitCode.Failed, await DoctorCommand.RunAsync(configuration, output, Cancel));
        Assert.Equal(ExitCode.Failed, await HealthcheckCommand.RunAsync(configuration, output, Cancel));
        Assert.Equal(4, output.ToString().Split("peersync.prot").Length - 1);
    }

    private static PeerSyncConfiguration Load(string settings) =>
        PeerSyncConfiguration.LoadText($"peersync {{\n{settings}\n}}", new Dictionary<string, string>());
}
