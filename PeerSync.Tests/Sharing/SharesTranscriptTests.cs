namespace PeerSync.Tests.Sharing;

/// <summary>The recorded exchanges about code shares, with the deviations that the contract asks for.</summary>
public sealed class SharesTranscriptTests
{
    private const string Invalid = """{"error":"Invalid body"}""";
    private const string OneError = "1.1: one form for all bad bodies";

    private readonly List<SharingTestUser> _users = [];
    private string _teamId = string.Empty;

    [Fact]
    public async Task TeamFlow()
    {
        await using var host = await SharingTestHost.StartAsync();
        var transcript = await BeginAsync("code_share_team_flow", host);
        await transcript.Adding("5: the client reads it where it is there", "authorName").ReplayAsync();
    }

    [Fact]
    public async Task Errors()
    {
        await using var host = await SharingTestHost.StartAsync();
        var transcript = await BeginAsync("code_share_errors", host);
        var shared = await SharesFixture.ShareAsync(host, _users[0], SharesFixture.Share(_teamId, "t", SharesFixture.Wrap(_users[1])));
        foreach (var line in new[] { 9, 10, 11, 12, 13, 14, 15, 18 })
        {
            transcript.Deviating(line, OneError, 400, Invalid);
        }

        await transcript
            .With("share1", shared)
            .Deviating(6, "12, flaw 3: whoever may not read it does not find it", 404, """{"error":"Not Found"}""")
            .Deviating(17, "5: missing metadata is {}", 200, """{"id":"<shareWithout>"}""")
            .Deviating(22, "12, flaw 4: only members share with a team", 403, """{"error":"Forbidden"}""")
            .ReplayAsync();
    }

    private async Task<TeamsTranscript> BeginAsync(string name, SharingTestHost host)
    {
        foreach (var user in new[] { "Alice Doe", "Bob Roe", "Carol" })
        {
            _users.Add(await host.LogInAsync(user));
        }

        _teamId = await SharesFixture.AddMembersAsync(host, _users[0], _users[1]);
        var transcript = new TeamsTranscript(name, host).With("aliceTeamId", _teamId);
        foreach (var (user, variable) in _users.Zip(new[] { "alice", "bob", "carol" }))
        {
            transcript.With(variable + "Id", user.Id).With(variable + "Access", user.Access);
        }

        return transcript;
    }
}
