using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

/// <summary>The credentials that the server issues, at the TURN server that they are for.</summary>
public sealed class TurnServerTests
{
    [Fact]
    public async Task A_relay_takes_the_issued_credential_and_no_altered_or_expired_one()
    {
        await using var coturn = await Coturn.StartAsync(PeerSyncTestHost.Cancel);
        await using var host = await StartAsync(coturn, TimeProvider.System);
        var (username, credential) = await IssueAsync(host);
        var (exitCode, output) = await coturn.RelayAsync(username, credential, PeerSyncTestHost.Cancel);
        Assert.True(exitCode == 0, output);
        Assert.Contains("tot_send_msgs=6, tot_recv_msgs=6", output, StringComparison.Ordinal);

        var altered = (credential[0] == 'A' ? 'B' : 'A') + credential[1..];
        await AssertRefusedAsync(coturn, username, altered);
        await AssertRefusedAsync(coturn, username.Replace("device-alice", "device-bob", StringComparison.Ordinal), credential);

        // Issued by a server whose clock is two hours behind.
        await using var late = await StartAsync(coturn, new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-2)));
        var expired = await IssueAsync(late);
        await AssertRefusedAsync(coturn, expired.Username, expired.Credential);
    }

    private static async Task AssertRefusedAsync(Coturn coturn, string username, string credential)
    {
        var (exitCode, output) = await coturn.RelayAsync(username, credential, PeerSyncTestHost.Cancel);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Cannot complete Allocation", output, StringComparison.Ordinal);
    }

    private static Task<CallsTestHost> StartAsync(Coturn coturn, TimeProvider time) =>
        CallsTestHost.StartAsync($"peersync.turn {{ host = 127.0.0.1, port = {coturn.Port}, shared-secret = {coturn.Secret} }}", time);

    private static async Task<(string Username, string Credential)> IssueAsync(CallsTestHost host)
    {
        var (status, body) = await host.AskAsync(HttpMethod.Post, "/turn/credentials", "device-alice");
        Assert.Equal(201, status);
        return (body!["username"]!.GetValue<string>(), body["credential"]!.GetValue<string>());
    }
}
