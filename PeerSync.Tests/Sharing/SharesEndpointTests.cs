using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

public sealed class SharesEndpointTests(SharesFixture fixture) : IClassFixture<SharesFixture>
{
    private SharingTestHost Host => fixture.Host;

    [Fact]
    public async Task Every_route_knows_who_may_use_it()
    {
        var (member, former, recipient) = (await fixture.LogInAsync("member"), await fixture.LogInAsync("former"), await fixture.LogInAsync("recipient"));
        var stranger = await fixture.LogInAsync("stranger");
        var (author, team) = await fixture.LogInWithTeamAsync("author", member, former, recipient);
        var shared = await fixture.ShareAsync(author, SharesFixture.Share(team, "t", SharesFixture.Wrap(member)));
        var ofMember = await fixture.ShareAsync(member, SharesFixture.Share(team, "m", SharesFixture.Wrap(author)));
        var direct = await fixture.ShareAsync(author, SharesFixture.Share(null, "d", SharesFixture.Wrap(recipient)));
        await SharesFixture.RemoveMemberAsync(Host, team, former);

        SharingTestUser[] users = [author, member, recipient, former, stranger];
        await CheckAsync("GET", $"code-share/{shared}", null, 200, 200, 200, 404, 404);
        await CheckAsync("GET", $"code-share/{direct}", null, 200, 404, 200, 404, 404);
        await CheckAsync("GET", $"code-share/team/list?teamId={team}", null, 200, 200, 200, 403, 403);
        await CheckAsync("GET", $"code-share/team/{team}/by-author/{author.Id}", null, 200, 200, 200, 403, 403);
        await CheckAsync("GET", $"code-share/dm/with/{author.Id}", null, 200, 200, 200, 200, 200);
        await CheckAsync("GET", "code-share/missing-wraps", null, 200, 200, 200, 200, 200);
        await CheckAsync("POST", "code-share/share", SharesFixture.Share(team, "t"), 200, 200, 200, 403, 403);
        await CheckAsync("POST", "code-share/share", SharesFixture.Share(null, "t", SharesFixture.Wrap(member)), 200, 200, 200, 403, 403);
        await CheckAsync("POST", $"code-share/{shared}/add-wrapped-keys", """{"wrappedKeys":[]}""", 200, 403, 403, 404, 404);
        await CheckAsync("POST", $"code-share/{direct}/add-wrapped-keys", """{"wrappedKeys":[]}""", 200, 404, 403, 404, 404);
        await CheckAsync("POST", $"code-share/{shared}/add-wrapped-keys", $$"""{"wrappedKeys":[{{SharesFixture.Wrap(stranger)}}]}""", 403, 403, 403, 404, 404);
        await CheckAsync("POST", $"code-share/{shared}/request-wraps", null, 200, 200, 200, 404, 404);
        await CheckAsync("POST", $"code-share/{direct}/request-wraps", "{}", 200, 404, 200, 404, 404);
        await CheckAsync("DELETE", $"code-share/{direct}", null, 200, 404, 404, 404, 404);

        // The last may delete what others wrote, as the owner of the team: the others come first.
        await CheckEachAsync("DELETE", $"code-share/{shared}", null, [former, stranger, member, recipient, author], [404, 404, 403, 403, 200]);
        await CheckEachAsync("DELETE", $"code-share/{ofMember}", null, [former, stranger, recipient, author, member], [404, 404, 403, 200, 404]);
        foreach (var (method, route) in new[]
        {
            ("GET", "code-share/x"), ("DELETE", "code-share/x"), ("POST", "code-share/share"), ("POST", "code-share/x/add-wrapped-keys"),
            ("POST", "code-share/x/request-wraps"), ("GET", "code-share/team/list"), ("GET", "code-share/team/x/by-author/y"), ("GET", "code-share/dm/with/x"),
            ("GET", "code-share/missing-wraps"),
        })
        {
            var (status, body) = await Host.CallAsync(new HttpMethod(method), route, null);
            Assert.Equal((401, "Unauthorized"), (status, (string)body!));
        }

        // What the lists of those without a right to more show is nothing of others.
        var (_, list) = await Host.CallAsync(HttpMethod.Get, $"code-share/dm/with/{author.Id}", stranger);
        Assert.Equal("""{"items":[]}""", list!.ToJsonString());

        Task CheckAsync(string method, string route, string? body, params int[] expected) => CheckEachAsync(method, route, body, users, expected);

        async Task CheckEachAsync(string method, string route, string? body, SharingTestUser[] callers, int[] expected)
        {
            for (var i = 0; i < callers.Length; i++)
            {
                var (status, answer) = await Host.CallAsync(new HttpMethod(method), route, callers[i], body);
                Assert.True(status == expected[i], $"{method} {route} by {callers[i].Name}: {status} {answer?.ToJsonString()}");
                var error = status switch { 403 => "Forbidden", 404 => "Not Found", _ => null };
                Assert.Equal(error, error is null ? null : (string)answer!["error"]!);
            }
        }
    }

    [Fact]
    public async Task Eight_mebibytes_come_back_byte_for_byte()
    {
        var (author, team) = await fixture.LogInWithTeamAsync("author");
        var random = new Random(8);
        var bytes = new byte[6 * 1024 * 1024];
        random.NextBytes(bytes);
        var ciphertext = System.Buffers.Text.Base64Url.EncodeToString(bytes);
        Assert.Equal(8 * 1024 * 1024, ciphertext.Length);
        var metadata = $$$"""{"title":"big","teamId":"{{{team}}}","x":{"n":1.0,"e":"\u00e4é"}}""";
        var body = $$"""{ "wrappedKeys" : [ ], "metadata": {{metadata}}, "ivB64u":"AAAA", "ciphertextB64u":"{{ciphertext}}" }""";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{SharingTestHost.Base}/protected/code-share/share");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", author.Access);
        request.Headers.TransferEncodingChunked = true;
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/plain");
        using var response = await Host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        Assert.Equal(200, (int)response.StatusCode);
        var id = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel))!["id"]!;

        using var read = await Host.SendAsync(HttpMethod.Get, $"{SharingTestHost.Base}/protected/code-share/{id}", author);
        var answer = await read.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        Assert.Contains($"\"ciphertextB64u\":\"{ciphertext}\"", answer, StringComparison.Ordinal);
        Assert.EndsWith($"\"metadata\":{metadata}}}", answer, StringComparison.Ordinal);
        var (_, list) = await Host.CallAsync(HttpMethod.Get, $"code-share/team/list?teamId={team}", author);
        Assert.Equal(["id", "createdAt", "authorId", "authorName", "metadata", "wrappedKeys"], list!["items"]![0]!.AsObject().Select(static member => member.Key));
        using var head = await Host.SendAsync(HttpMethod.Head, $"{SharingTestHost.Base}/protected/code-share/{id}", author);
        Assert.Equal((200, (long)Encoding.UTF8.GetByteCount(answer)), ((int)head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task The_whole_file_is_in_no_list()
    {
        var (author, team) = await fixture.LogInWithTeamAsync("author");
        var body = SharesFixture.Share(team, "t").Replace("\"title\"", "\"fullFileContent\":\"secret\",\"title\"", StringComparison.Ordinal);
        var id = await fixture.ShareAsync(author, body);
        var (_, share) = await Host.CallAsync(HttpMethod.Get, $"code-share/{id}", author);
        Assert.Equal("secret", (string)share!["metadata"]!["fullFileContent"]!);
        foreach (var route in new[] { "code-share/team/list", $"code-share/team/{team}/by-author/{author.Id}" })
        {
            var (_, list) = await Host.CallAsync(HttpMethod.Get, route, author);
            Assert.DoesNotContain("secret", list!.ToJsonString(), StringComparison.Ordinal);
            Assert.Equal(id, (string)list["items"]![0]!["id"]!);
        }
    }

    [Fact]
    public async Task Lists_are_paged_by_their_cursor()
    {
        var (author, team) = await fixture.LogInWithTeamAsync("author");
        for (var i = 0; i < 5; i++)
        {
            await fixture.ShareAsync(author, SharesFixture.Share(team, $"{i}"));
            await fixture.ShareAsync(author, SharesFixture.Share(null, $"{i}", SharesFixture.Wrap(author)));
        }

        foreach (var route in new[] { "team/list?x=1", $"team/{team}/by-author/{author.Id}?x=1", $"dm/with/{author.Id}?x=1" })
        {
            var titles = new List<string>();
            string? cursor = null;
            do
            {
                var (_, page) = await Host.CallAsync(
                    HttpMethod.Get, $"code-share/{route}&limit=2" + (cursor is null ? string.Empty : $"&before={cursor}"), author);
                titles.AddRange(page!["items"]!.AsArray().Select(static item => (string)item!["metadata"]!["title"]!));
                cursor = (string?)page["nextCursor"];
            }
            while (cursor is not null);
            Assert.Equal(["4", "3", "2", "1", "0"], titles);
            foreach (var query in new[] { "limit=0", "limit=51", "limit=x", "before=", "before=-1", "before=99999999999999999999" })
            {
                Assert.Equal(400, (await Host.CallAsync(HttpMethod.Get, $"code-share/{route}&{query}", author)).Status);
            }
        }
    }

    [Fact]
    public async Task Literal_paths_win_over_ids()
    {
        var user = await fixture.LogInAsync("user");
        Assert.Equal(404, (await Host.CallAsync(HttpMethod.Get, "code-share/share", user)).Status);
        Assert.Equal("""{"items":[]}""", (await Host.CallAsync(HttpMethod.Get, "code-share/team/list", user)).Body!.ToJsonString());
        Assert.Equal("""{"items":[]}""", (await Host.CallAsync(HttpMethod.Get, "code-share/dm/with/nobody", user)).Body!.ToJsonString());
        Assert.Equal("""{"items":[]}""", (await Host.CallAsync(HttpMethod.Get, "code-share/missing-wraps", user)).Body!.ToJsonString());
        Assert.Equal(404, (await Host.CallAsync(HttpMethod.Get, "code-share/a%2Fb%0A", user)).Status);

        // The README leaves parts of the path out.
        Assert.Equal(200, (await Host.AskAsync(HttpMethod.Get, $"{SharingTestHost.Base}/code-share/team/list", user)).Status);
        Assert.Equal(200, (await Host.AskAsync(HttpMethod.Get, "/code-share/team/list", user)).Status);
    }

    [Fact]
    public async Task What_happens_to_shares_is_told_to_those_who_may_know()
    {
        var member = await fixture.LogInAsync("member");
        var (author, team) = await fixture.LogInWithTeamAsync("author", member);
        var shared = await fixture.ShareAsync(author, SharesFixture.Share(team, "a title", SharesFixture.Wrap(member), SharesFixture.Wrap(author), SharesFixture.Wrap(member)));
        var direct = await fixture.ShareAsync(member, SharesFixture.Share(null, "for you", SharesFixture.Wrap(author)));
        await Host.CallAsync(HttpMethod.Post, $"code-share/{shared}/request-wraps", member, """{"deviceId":"d2"}""");
        await Host.CallAsync(HttpMethod.Delete, $"code-share/{shared}", author);
        await Host.CallAsync(HttpMethod.Delete, $"code-share/{direct}", member);

        var events = fixture.Events.Where(told => told.Text.Payload.Contains(shared, StringComparison.Ordinal) || told.Text.Payload.Contains(direct, StringComparison.Ordinal));
        string[] both = [.. new[] { author.Id, member.Id }.Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                $$"""
                snippet:created {"id":"{{shared}}","title":"a title","authorId":"{{author.Id}}","authorName":"{{author.Name}}","recipientUserIds":["{{member.Id}}","{{author.Id}}"],"teamId":"{{team}}","teamName":"{{author.Name}}'s Team"} {"id":"{{shared}}"}
                """,
                $$"""
                snippet:created {"id":"{{direct}}","title":"for you","authorId":"{{member.Id}}","authorName":"{{member.Name}}","recipientUserIds":["{{author.Id}}"],"firstRecipientName":"{{author.Name}}"} {"id":"{{direct}}"}
                """,
                $$"""wraps:requested {"userId":"{{member.Id}}","deviceId":"d2","id":"{{shared}}"} """,
                $$"""snippet:deleted {"id":"{{shared}}","teamId":"{{team}}"} {"id":"{{shared}}"}""",
                $$"""snippet:deleted {"id":"{{direct}}"} """,
            ],
            events.Select(static told => $"{told.Text.Name} {told.Text.Payload} {told.Text.Brief}"));
        Assert.Equal(
            [both, both, [author.Id], both, both], events.Select(static told => told.Audience.Order(StringComparer.Ordinal).ToArray()));
    }

    [Fact]
    public async Task A_new_device_is_named_until_the_author_has_wrapped_a_key_for_it()
    {
        var member = await fixture.LogInAsync("member");
        var (author, team) = await fixture.LogInWithTeamAsync("author", member);
        await SharesFixture.AddDeviceAsync(Host, author, "a1", 0);
        await SharesFixture.AddDeviceAsync(Host, member, "m1", 0);
        var id = await fixture.ShareAsync(author, SharesFixture.Share(team, "t", SharesFixture.Wrap(author, "a1"), SharesFixture.Wrap(member, "m1")));
        Assert.Equal("""{"items":[]}""", (await Host.CallAsync(HttpMethod.Get, "code-share/missing-wraps", author)).Body!.ToJsonString());

        await SharesFixture.AddDeviceAsync(Host, member, "m2", 1);
        Assert.Equal(200, (await Host.CallAsync(HttpMethod.Post, $"code-share/{id}/request-wraps", member, """{"deviceId":"m2"}""")).Status);
        Assert.Equal(400, (await Host.CallAsync(HttpMethod.Post, $"code-share/{id}/request-wraps", member, "[]")).Status);
        Assert.Equal(
            $$"""{"items":[{"id":"{{id}}","teamId":"{{team}}","recipients":[{"userId":"{{member.Id}}","deviceId":"m2","encryptionPublicKeyJwk":{"kty":"EC"},"fingerprint":"print of m2"}]}]}""",
            (await Host.CallAsync(HttpMethod.Get, "code-share/missing-wraps", author)).Body!.ToJsonString());
        Assert.Equal("""{"items":[]}""", (await Host.CallAsync(HttpMethod.Get, "code-share/missing-wraps", member)).Body!.ToJsonString());

        var added = $$"""{"wrappedKeys":[{{SharesFixture.Wrap(member, "m2", "bmV3")}}]}""";
        Assert.Equal(200, (await Host.CallAsync(HttpMethod.Post, $"code-share/{id}/add-wrapped-keys", author, added)).Status);
        Assert.Equal("""{"items":[]}""", (await Host.CallAsync(HttpMethod.Get, "code-share/missing-wraps", author)).Body!.ToJsonString());
        var (_, share) = await Host.CallAsync(HttpMethod.Get, $"code-share/{id}", member);
        Assert.Equal(["a1", "m1", "m2"], share!["wrappedKeys"]!.AsArray().Select(static wrap => (string)wrap!["recipientDeviceId"]!));
    }

    [Fact]
    public async Task All_of_20_who_append_at_once_are_kept()
    {
        var (author, team) = await fixture.LogInWithTeamAsync("author");
        var id = await fixture.ShareAsync(author, SharesFixture.Share(team, "t"));
        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await Host.CallAsync(
            HttpMethod.Post, $"code-share/{id}/add-wrapped-keys", author, $$"""{"wrappedKeys":[{{SharesFixture.Wrap(author, $"d{i}")}}]}""")).Status));
        Assert.All(statuses, static status => Assert.Equal(200, status));
        var (_, share) = await Host.CallAsync(HttpMethod.Get, $"code-share/{id}", author);
        Assert.Equal(20, share!["wrappedKeys"]!.AsArray().Select(static wrap => (string)wrap!["recipientDeviceId"]!).Distinct().Count());
    }

    [Fact]
    public async Task A_share_ends_at_its_time()
    {
        var time = new ManualTimeProvider();
        await using var host = await SharingTestHost.StartAsync("peersync.sharing.drop-full-file-content = on", time);
        var author = await host.LogInAsync("author");
        var at = time.GetUtcNow();
        var members = new[]
        {
            ("\"expiresInMs\":60000", 60), ($"\"expiresAt\":\"{at.AddSeconds(120):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"", 120), ("\"x\":1", int.MaxValue),
        };
        var ids = new List<string>();
        foreach (var (member, _) in members)
        {
            ids.Add(await SharesFixture.ShareAsync(
                host, author, $$$"""{{{{member}}},"ciphertextB64u":"c","ivB64u":"i","wrappedKeys":[],"metadata":{"fullFileContent":"x","title":"t"}}"""));
        }

        Assert.Equal(
            400,
            (await host.CallAsync(
                HttpMethod.Post, "code-share/share", author, """{"expiresAt":"2020-01-01T00:00:00.000Z","ciphertextB64u":"c","ivB64u":"i","wrappedKeys":[]}""")).Status);
        var (_, share) = await host.CallAsync(HttpMethod.Get, $"code-share/{ids[1]}", author);
        Assert.Equal(at.AddSeconds(120), DateTimeOffset.Parse((string)share!["expiresAt"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("""{"title":"t"}""", share["metadata"]!.ToJsonString());
        foreach (var seconds in new[] { 0, 59, 60, 119, 120, 4000 })
        {
            time.Advance(at.AddSeconds(seconds) - time.GetUtcNow());
            Assert.Equal(
                members.Select(member => member.Item2 > seconds ? 200 : 404),
                await Task.WhenAll(ids.Select(async id => (await host.CallAsync(HttpMethod.Get, $"code-share/{id}", author)).Status)));
        }

        // And nothing is left of those whose time has come. Hours pass until a run has seen both.
        var database = host.Server.Server.Store.Database;
        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromHours(1));
                return await database.ReadAsync(
                    "counting",
                    static session => session.QueryFirstAsync("SELECT count(*) FROM sharing_contents", static row => row.Integer(0)),
                    PeerSyncTestHost.Cancel) == 1;
            },
            static () => "the deletion of two shares");
    }

    [Fact]
    public async Task What_is_too_large_is_refused()
    {
        await using var host = await SharingTestHost.StartAsync(
            "peersync.sharing { max-share-size = 700KiB, max-wraps = 3, max-stored-per-user = 1MiB, max-body-bytes-in-flight = 1MiB }");
        var author = await host.LogInAsync("author");
        await RefusedAsync("code-share/share", Sized(700 * 1024), 413, "Body too large");
        var id = await SharesFixture.ShareAsync(host, author, Sized((700 * 1024) - 200));
        await RefusedAsync("code-share/share", Sized(400_000), 413, "Storage quota exceeded");
        var wrap = SharesFixture.Wrap(author);
        await RefusedAsync("code-share/share", SharesFixture.Share(null, "t", wrap, wrap, wrap, wrap), 413, "Too many wrapped keys");
        Assert.Equal(200, await AppendAsync($"{wrap},{wrap}"));
        await RefusedAsync($"code-share/{id}/add-wrapped-keys", $$"""{"wrappedKeys":[{{wrap}},{{wrap}}]}""", 413, "Too many wrapped keys");
        await RefusedAsync($"code-share/{id}/add-wrapped-keys", """{"wrappedKeys":5}""", 400, "Invalid body");
        await RefusedAsync("code-share/share", "{", 400, "Invalid body");

        // Whoever reads slowly takes room as whoever sends slowly does.
        var budget = host.Server.Get<PeerSync.Host.Sharing.SharingBodyBudget>();
        using (budget.TryTake(900 * 1024))
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
            {
                using var response = method == HttpMethod.Get
                    ? await host.SendAsync(method, $"{SharingTestHost.Base}/protected/code-share/{id}", author)
                    : await host.SendAsync(HttpMethod.Post, $"{SharingTestHost.Base}/protected/code-share/share", author, Sized(200_000));
                Assert.Equal((503, "1"), ((int)response.StatusCode, response.Headers.RetryAfter!.ToString()));
            }
        }

        Assert.Equal(200, (await host.CallAsync(HttpMethod.Get, $"code-share/{id}", author)).Status);

        async Task RefusedAsync(string route, string body, int expected, string error)
        {
            var (status, answer) = await host.CallAsync(HttpMethod.Post, route, author, body);
            Assert.Equal((expected, error), (status, (string)answer!["error"]!));
        }

        async Task<int> AppendAsync(string wraps) =>
            (await host.CallAsync(HttpMethod.Post, $"code-share/{id}/add-wrapped-keys", author, $$"""{"wrappedKeys":[{{wraps}}]}""")).Status;

        static string Sized(int length) => SharesFixture.Share(null, "t").Replace("Y3Q", new string('c', length), StringComparison.Ordinal);
    }
}
