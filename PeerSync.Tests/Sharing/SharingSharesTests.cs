using System.Globalization;
using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.Storage;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

public sealed class SharingSharesTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private static readonly ShareLimits Limits = new(100, 1_000_000);
    private static readonly SharePageRequest FirstPage = new(null, 50);
    private static readonly string Alice = Id("alice");
    private static readonly string Bob = Id("bob");
    private static readonly string Carol = Id("carol");
    private static readonly string Dave = Id("dave");
    private static readonly string Team = Id("team");
    private static readonly string Other = Id("other");

    private DataStore _store = null!;

    private ISharingShares Shares => _store.Sharing.Shares;

    [Theory]
    [BothEngines]
    public async Task A_share_is_read_as_it_was_written(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        var ciphertext = "not base64 at all!! \n\t\"\\ é 😀";
        ShareNames? told = null;
        var created = await Shares.CreateAsync(
            new NewShare(Alice, Team, ciphertext, "iv", "aad", """{"a":1}""", """{"a":1,"b":2}""", Wraps("w1,w1", (Bob, "d"), (Alice, "d")), null),
            Limits,
            names =>
            {
                told = names;
                return new SharingEventText("snippet:created", "{}");
            },
            None);
        Assert.Equal(ShareWriteStatus.Done, created.Status);
        Assert.Equal(new ShareNames(created.Id!, "alice", "The team", null), told);
        Assert.Equal([Alice, Bob, Carol], created.Event!.Audience.Order(StringComparer.Ordinal));
        Assert.Equal(ShareWriteStatus.Done, await Shares.AppendWrapsAsync(created.Id!, Alice, Wraps("w2", (Bob, "d"), (Carol, "e")), Limits, None));

        foreach (var reader in new[] { Alice, Bob, Carol })
        {
            var share = await Shares.FindAsync(created.Id!, reader, long.MaxValue, None);
            Assert.Equal((Alice, "alice", Team, null), (share!.AuthorId, share.AuthorName, share.TeamId, share.ExpiresAt));
            Assert.Equal(
                (ciphertext, "iv", "aad", """{"a":1,"b":2}"""), (share.Content!.Ciphertext, share.Content.Iv, share.Content.Aad, share.Content.Metadata));
            Assert.Equal(["w1,w1", "w2"], share.Content.Wraps);
            Assert.Null((await Shares.FindAsync(created.Id!, reader, share.Size - 1, None))!.Content);
        }

        var item = Assert.Single((await Shares.ListTeamAsync(Bob, Team, FirstPage, None))!.Items);
        Assert.Equal((created.Id, """{"a":1}"""), (item.Id, item.Metadata));
        Assert.Equal(["w1,w1", "w2"], item.Wraps!);
        Assert.Null(Assert.Single((await Shares.ListByAuthorAsync(Bob, Team, Alice, FirstPage, None))!.Items).Wraps);
        Assert.Equal(
            ["CODE_SHARE_WRAPS_ADDED", "CODE_SHARE_CREATED"],
            (await _store.Audit.ReadNewestAsync("sharing", 10, None)).Select(static record => record.Entry.Action));
    }

    [Theory]
    [BothEngines]
    public async Task Whoever_may_not_know_of_a_share_does_not_find_it(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        var shared = await CreateAsync(Alice, Team, "t", Wraps("w", (Bob, "d")));
        var direct = await CreateAsync(Alice, null, "d", Wraps("w", (Bob, "d")));

        // Dave is a stranger; Bob has been removed, but holds keys; Carol is a member and no recipient.
        await ExecuteAsync(_store.Database, $"DELETE FROM sharing_members WHERE user_id = '{Bob}'");
        foreach (var (id, user, mayRead) in new[]
        {
            (shared, Alice, true), (shared, Bob, true), (shared, Carol, true), (shared, Dave, false),
            (direct, Alice, true), (direct, Bob, true), (direct, Carol, false), (direct, Dave, false),
            ("nosuch", Alice, false), ("a\0b", Alice, false), ("\uD800", Alice, false), (string.Empty, Alice, false), (new string('x', 200), Alice, false),
        })
        {
            var refused = mayRead ? ShareWriteStatus.Forbidden : ShareWriteStatus.NotFound;
            Assert.Equal(mayRead, await Shares.FindAsync(id, user, long.MaxValue, None) is not null);
            Assert.Equal(user == Alice && mayRead ? ShareWriteStatus.Done : refused, await Shares.AppendWrapsAsync(id, user, Wraps(string.Empty), Limits, None));
            Assert.Equal(
                mayRead ? ShareWriteStatus.Done : ShareWriteStatus.NotFound,
                (await Shares.RequestWrapsAsync(id, user, new SharingEventText("wraps:requested", "{}"), None)).Status);
            if (user != Alice)
            {
                Assert.Equal(refused, (await DeleteAsync(id, user)).Status);
            }
        }

        Assert.Null(await Shares.ListTeamAsync(Bob, Team, FirstPage, None));
        Assert.Null(await Shares.ListTeamAsync(Dave, Team, FirstPage, None));
        Assert.Null(await Shares.ListTeamAsync(Dave, "a\0", FirstPage, None));
        Assert.Null(await Shares.ListByAuthorAsync(Bob, Team, Alice, FirstPage, None));
        Assert.Empty((await Shares.ListByAuthorAsync(Alice, Team, "a\0", FirstPage, None))!.Items);
        Assert.Empty((await Shares.ListDirectAsync(Carol, Alice, FirstPage, None)).Items);
        Assert.Empty((await Shares.ListDirectAsync(Alice, "a\0", FirstPage, None)).Items);

        // A new share for Bob, or for a team that one does not belong to, is refused.
        Assert.Equal(ShareWriteStatus.UnknownRecipient, (await TryCreateAsync(Alice, Team, "t", Wraps("w", (Bob, "d")))).Status);
        Assert.Equal(ShareWriteStatus.UnknownRecipient, (await TryCreateAsync(Alice, null, "t", Wraps("w", (Dave, "d")))).Status);
        Assert.Equal(ShareWriteStatus.UnknownRecipient, (await TryCreateAsync(Alice, null, "t", Wraps("w", ("nobody\0", "d")))).Status);
        Assert.Equal(ShareWriteStatus.UnknownRecipient, await Shares.AppendWrapsAsync(shared, Alice, Wraps("w", (Bob, "d2")), Limits, None));
        Assert.Equal(ShareWriteStatus.Forbidden, (await TryCreateAsync(Bob, Team, "t", Wraps(string.Empty))).Status);
        Assert.Equal(ShareWriteStatus.Forbidden, (await TryCreateAsync(Dave, Team, "t", Wraps(string.Empty))).Status);
        Assert.Equal(ShareWriteStatus.Forbidden, (await TryCreateAsync(Alice, "x\0", "t", Wraps(string.Empty))).Status);
        Assert.Equal(ShareWriteStatus.Done, (await TryCreateAsync(Dave, null, "t", Wraps("w", (Dave, "d")))).Status);
    }

    [Theory]
    [BothEngines]
    public async Task All_of_20_who_append_at_once_are_kept_and_the_cap_holds(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        var id = await CreateAsync(Alice, Team, "t", Wraps("w", (Bob, "d")));
        var outcomes = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 20).Select(i => Shares.AppendWrapsAsync(id, Alice, Wraps($"w{i}", (Bob, $"d{i}")), Limits, None))), "appends");
        Assert.All(outcomes, static outcome => Assert.Equal(ShareWriteStatus.Done, outcome));
        Assert.Equal(
            Enumerable.Range(0, 20).Select(static i => $"w{i}").Append("w").Order(StringComparer.Ordinal),
            (await Shares.FindAsync(id, Alice, long.MaxValue, None))!.Content!.Wraps.Order(StringComparer.Ordinal));

        // 21 are there, three at a time come on top: room for three times three.
        outcomes = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 12).Select(i => Shares.AppendWrapsAsync(
                id, Alice, new ShareWraps("a,b,c", 3, [new(Bob, "d")]), Limits with { MaxWraps = 30 }, None))),
            "appends");
        Assert.Equal((3, 9), (outcomes.Count(static o => o == ShareWriteStatus.Done), outcomes.Count(static o => o == ShareWriteStatus.TooManyWraps)));
        Assert.Equal(30, (await ScalarAsync("SELECT wraps FROM sharing_shares"))!);
        Assert.Equal(ShareWriteStatus.TooManyWraps, (await TryCreateAsync(Alice, Team, "t", new ShareWraps("w", 101, []))).Status);
    }

    [Theory]
    [BothEngines]
    public async Task The_quota_holds_when_all_share_at_once(DatabaseEngine engine)
    {
        await SetUpAsync(engine);

        // Each has 1,000 bytes: the ciphertext, the metadata and the one wrapped key.
        var limits = Limits with { MaxStoredBytes = 5_500 };
        var share = new NewShare(Alice, Team, new string('c', 900), string.Empty, null, """{"t":1}""", null, Wraps(new string('w', 93), (Bob, "d")), null);
        var outcomes = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Shares.CreateAsync(share, limits, static _ => new SharingEventText("e", "{}"), None))), "shares");
        var made = outcomes.Where(static outcome => outcome.Status == ShareWriteStatus.Done).ToList();
        Assert.Equal((5, 7), (made.Count, outcomes.Count(static outcome => outcome.Status == ShareWriteStatus.QuotaExceeded)));
        Assert.Equal(5_000, await StoredBytesAsync(Alice));
        Assert.Equal(5_000, await ScalarAsync("SELECT sum(size) FROM sharing_shares"));
        Assert.Equal(
            ShareWriteStatus.QuotaExceeded, await Shares.AppendWrapsAsync(made[0].Id!, Alice, Wraps(new string('w', 501), (Bob, "d")), limits, None));
        Assert.Equal(ShareWriteStatus.Done, await Shares.AppendWrapsAsync(made[0].Id!, Alice, Wraps(new string('ä', 250), (Bob, "d")), limits, None));
        Assert.Equal(5_500, await StoredBytesAsync(Alice));

        // Whatever is deleted is given back, once.
        var deletions = await WithinAsync(Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DeleteAsync(made[0].Id!, Alice))), "deletions");
        Assert.Single(deletions, static outcome => outcome.Status == ShareWriteStatus.Done);
        Assert.Equal(4_000, await StoredBytesAsync(Alice));
        Assert.Equal(
            SharingTeamStatus.Done, (await _store.Sharing.Teams.DeleteAsync(Team, Alice, new SharingEventText("team:deleted", "{}"), None)).Status);
        Assert.Equal(0, await StoredBytesAsync(Alice));
        foreach (var table in new[] { "sharing_shares", "sharing_contents", "sharing_wraps", "sharing_recipients" })
        {
            Assert.Equal(0, await CountAsync(_store.Database, table));
        }
    }

    [Theory]
    [BothEngines]
    public async Task A_list_is_paged_newest_first_without_gaps_while_new_ones_arrive(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        for (var i = 0; i < 57; i++)
        {
            await CreateAsync(i % 2 == 0 ? Alice : Bob, Team, $"{i}", Wraps($"w{i}", (Bob, "d")));
        }

        var seen = new List<string>();
        SharePage page;
        long? before = null;
        do
        {
            page = (await Shares.ListTeamAsync(Carol, Team, new SharePageRequest(before, before is null ? 50 : 3), None))!;
            seen.AddRange(page.Items.Select(static item => item.Metadata));
            Assert.All(page.Items, static item => Assert.Equal([$"w{item.Metadata}"], item.Wraps!));
            before = page.Next;
            await CreateAsync(Alice, Team, "new", Wraps("wnew", (Bob, "d")));
        }
        while (before is not null);
        Assert.Equal(Enumerable.Range(0, 57).Reverse().Select(static i => $"{i}"), seen);

        Assert.Equal(
            Enumerable.Range(0, 57).Reverse().Where(static i => i % 2 == 1).Select(static i => $"{i}"),
            (await Shares.ListByAuthorAsync(Carol, Team, Bob, FirstPage, None))!.Items.Select(static item => item.Metadata));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Shares.ListTeamAsync(Carol, Team, new SharePageRequest(null, 51), None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Shares.ListTeamAsync(Carol, Team, new SharePageRequest(null, 0), None));
    }

    [Theory]
    [BothEngines]
    public async Task A_page_ends_where_it_would_be_too_long_but_leaves_nothing_out(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        var long1 = new string('w', 3 * 1024 * 1024);
        var limits = new ShareLimits(100, 100_000_000);
        foreach (var i in Enumerable.Range(0, 5))
        {
            var share = new NewShare(Alice, Team, "c", "i", null, i == 2 ? long1 : $"{i}", null, Wraps(i == 2 ? "w" : long1, (Bob, "d")), null);
            Assert.Equal(ShareWriteStatus.Done, (await Shares.CreateAsync(share, limits, static _ => new SharingEventText("e", "{}"), None)).Status);
        }

        var lengths = new List<int>();
        long? before = null;
        do
        {
            var page = (await Shares.ListTeamAsync(Alice, Team, new SharePageRequest(before, 50), None))!;
            lengths.AddRange(page.Items.Select(static item => item.Metadata.Length + item.Wraps!.Sum(static part => part.Length)));
            Assert.Single(page.Items);
            before = page.Next;
        }
        while (before is not null);
        Assert.Equal(5, lengths.Count);
        Assert.All(lengths, length => Assert.Equal(long1.Length + 1, length));
    }

    [Theory]
    [BothEngines]
    public async Task Direct_messages_are_found_behind_any_number_of_others(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        await CreateAsync(Alice, null, "to bob", Wraps("w", (Bob, "d")));
        await CreateAsync(Bob, null, "to alice", Wraps("w", (Alice, "d"), (Bob, "e")));
        await CreateAsync(Alice, null, "to carol and bob", Wraps("w", (Carol, "d"), (Bob, "d")));
        await CreateAsync(Alice, Team, "to the team", Wraps("w", (Bob, "d")));
        await CreateAsync(Alice, null, "to myself", Wraps("w", (Alice, "d")));
        for (var i = 0; i < 55; i++)
        {
            await CreateAsync(Carol, null, "foreign", Wraps("w", (Alice, "d")));
        }

        var page = await Shares.ListDirectAsync(Bob, Alice, FirstPage, None);
        Assert.Equal(["to carol and bob", "to alice", "to bob"], page.Items.Select(static item => item.Metadata));
        Assert.Null(page.Next);
        Assert.Equal(page.Items, (await Shares.ListDirectAsync(Alice, Bob, FirstPage, None)).Items);
        Assert.Equal("to myself", Assert.Single((await Shares.ListDirectAsync(Alice, Alice, FirstPage, None)).Items).Metadata);
        Assert.Empty((await Shares.ListDirectAsync(Alice, Dave, FirstPage, None)).Items);
        var first = await Shares.ListDirectAsync(Bob, Alice, new SharePageRequest(null, 2), None);
        var second = await Shares.ListDirectAsync(Bob, Alice, new SharePageRequest(first.Next, 2), None);
        Assert.Equal(page.Items, [.. first.Items, .. second.Items]);
        Assert.Null(second.Next);
        var foreign = await Shares.ListDirectAsync(Alice, Carol, FirstPage, None);
        Assert.Equal(50, foreign.Items.Count);
        Assert.Equal(6, (await Shares.ListDirectAsync(Alice, Carol, FirstPage with { Before = foreign.Next }, None)).Items.Count);
    }

    [Theory]
    [BothEngines]
    public async Task Without_a_team_the_owned_one_is_listed(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        await AddTeamAsync(Other, Bob, Alice);
        var shared = await CreateAsync(Alice, Team, "t", Wraps(string.Empty));
        var own = await CreateAsync(Bob, Other, "o", Wraps(string.Empty));
        Assert.Equal(own, Assert.Single((await Shares.ListTeamAsync(Bob, null, FirstPage, None))!.Items).Id);
        Assert.Equal(shared, Assert.Single((await Shares.ListTeamAsync(Carol, null, FirstPage, None))!.Items).Id);
        Assert.Empty((await Shares.ListTeamAsync(Dave, null, FirstPage, None))!.Items);
    }

    [Theory]
    [BothEngines]
    public async Task Devices_without_a_key_are_named_until_they_have_one(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        await AddDeviceAsync(Alice, "a1", 0);
        await AddDeviceAsync(Alice, "a2", 1);
        await AddDeviceAsync(Bob, "b1", 0);
        await AddDeviceAsync(Carol, "c1", 0);
        await AddDeviceAsync(Dave, "d1", 0);
        var complete = await CreateAsync(Alice, Team, "t", Wraps("w", (Alice, "a1"), (Alice, "a2"), (Bob, "b1"), (Carol, "c1")));
        var shared = await CreateAsync(Alice, Team, "t", Wraps("w", (Alice, "a1"), (Bob, "b1")));
        var direct = await CreateAsync(Alice, null, "d", Wraps("w", (Bob, "b0")));
        await CreateAsync(Bob, Team, "t", Wraps(string.Empty));

        var page = await Shares.ListMissingAsync(Alice, FirstPage, None);
        Assert.Null(page.Next);
        Assert.Equal(
            [(direct, null, $"{Alice}/a1 {Alice}/a2 {Bob}/b1"), (shared, Team, $"{Alice}/a2 {Carol}/c1")],
            page.Items.Select(static item => (item.Id, item.TeamId, string.Join(' ', item.Devices.Select(static device => $"{device.UserId}/{device.DeviceId}")))));
        Assert.Equal("""{"kty":"c1"}""", page.Items[1].Devices[1].EncryptionKey);
        Assert.Equal("print of c1", page.Items[1].Devices[1].Fingerprint);

        // A page looks at so many shares as it may have.
        var first = await Shares.ListMissingAsync(Alice, new SharePageRequest(null, 1), None);
        var second = await Shares.ListMissingAsync(Alice, new SharePageRequest(first.Next, 1), None);
        var third = await Shares.ListMissingAsync(Alice, new SharePageRequest(second.Next, 1), None);
        Assert.Equal([direct, shared], [Assert.Single(first.Items).Id, Assert.Single(second.Items).Id]);
        Assert.Empty(third.Items);
        Assert.Null(third.Next);

        // Bob leaves: his devices need nothing any more.
        await ExecuteAsync(_store.Database, $"DELETE FROM sharing_members WHERE user_id = '{Bob}'");
        Assert.Equal(ShareWriteStatus.Done, await Shares.AppendWrapsAsync(shared, Alice, Wraps("w", (Alice, "a2"), (Carol, "c1")), Limits, None));
        Assert.Equal(
            [Alice, Alice], Assert.Single((await Shares.ListMissingAsync(Alice, FirstPage, None)).Items).Devices.Select(static device => device.UserId));
        await AddDeviceAsync(Carol, "c2", 1);
        Assert.Equal([direct, shared, complete], (await Shares.ListMissingAsync(Alice, FirstPage, None)).Items.Select(static item => item.Id));

        // Who is no member any more can give nothing to the team.
        await ExecuteAsync(_store.Database, $"DELETE FROM sharing_members WHERE user_id = '{Alice}'");
        Assert.Equal([direct], (await Shares.ListMissingAsync(Alice, FirstPage, None)).Items.Select(static item => item.Id));
    }

    [Theory]
    [BothEngines]
    public async Task What_is_asked_or_deleted_is_told_to_those_whom_it_concerns(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        await AddTeamAsync(Other, Bob, Dave);
        var shared = await CreateAsync(Alice, Team, "t", Wraps("w", (Bob, "d")));
        var direct = await CreateAsync(Bob, null, "d", Wraps("w", (Dave, "d")));

        // A recipient of the team's share who is none of its members: Dave shares another team with Bob.
        var both = await TryCreateAsync(Bob, Team, "t", Wraps("w", (Dave, "d"), (Alice, "d")));
        Assert.Equal([Alice, Bob, Carol, Dave], both.Event!.Audience.Order(StringComparer.Ordinal));
        Assert.Equal(1, await CountAsync(_store.Database, "sharing_event_users WHERE event_id = " + both.Event.Id.ToString(CultureInfo.InvariantCulture)));

        Assert.Equal([Alice], (await Shares.RequestWrapsAsync(shared, Carol, new SharingEventText("wraps:requested", "{}"), None)).Event!.Audience);
        Assert.Equal(ShareWriteStatus.Forbidden, (await DeleteAsync(shared, Carol)).Status);
        Assert.Equal(ShareWriteStatus.Forbidden, (await DeleteAsync(direct, Dave)).Status);
        var byOwner = await DeleteAsync(both.Id!, Alice);
        Assert.Equal(ShareWriteStatus.Done, byOwner.Status);
        Assert.Equal(Team, byOwner.Event!.Text.Payload);
        Assert.Equal([Alice, Bob, Carol, Dave], byOwner.Event.Audience.Order(StringComparer.Ordinal));
        var byAuthor = await DeleteAsync(direct, Bob);
        Assert.Equal([Bob, Dave], byAuthor.Event!.Audience.Order(StringComparer.Ordinal));
        Assert.Equal("direct", byAuthor.Event.Text.Payload);
        Assert.Equal(ShareWriteStatus.NotFound, (await DeleteAsync(direct, Bob)).Status);
        Assert.Equal("CODE_SHARE_DELETED", Assert.Single(await _store.Audit.ReadNewestAsync("sharing", 1, None)).Entry.Action);
    }

    [Theory]
    [BothEngines]
    public async Task A_share_ends_when_its_time_has_come_or_it_was_kept_long_enough(DatabaseEngine engine)
    {
        await SetUpAsync(engine);
        await AddTeamAsync(Other, Alice);
        await ExecuteAsync(_store.Database, $"UPDATE sharing_teams SET retention_days = 30 WHERE id = '{Other}'");
        var at = _store.Database.Now;
        var ends = await CreateAsync(Alice, Team, "ends", Wraps("w", (Bob, "d")), at.AddHours(1));
        var direct = await CreateAsync(Alice, null, "direct", Wraps("w", (Bob, "d")));
        var kept = await CreateAsync(Alice, Other, "kept", Wraps(string.Empty));
        Assert.Equal(at.AddHours(1), (await Shares.FindAsync(ends, Bob, 0, None))!.ExpiresAt);
        Assert.Equal(0, await Shares.DeleteExpiredAsync(TimeSpan.FromDays(10), 100, None));

        var past = engine is DatabaseEngine.Sqlite ? "1000000" : "'2020-01-01T00:00:00Z'";
        await ExecuteAsync(_store.Database, $"UPDATE sharing_shares SET expires_at = {past} WHERE id = '{ends}'");
        Assert.Null(await Shares.FindAsync(ends, Alice, 0, None));
        Assert.Empty((await Shares.ListTeamAsync(Alice, Team, FirstPage, None))!.Items);
        Assert.Equal(ShareWriteStatus.NotFound, await Shares.AppendWrapsAsync(ends, Alice, Wraps("w", (Bob, "d")), Limits, None));
        Assert.Equal(ShareWriteStatus.NotFound, (await DeleteAsync(ends, Alice)).Status);
        Assert.Equal(1, await Shares.DeleteExpiredAsync(null, 100, None));

        await AgeAsync(direct, 11);
        await AgeAsync(kept, 11);
        Assert.Equal(0, await Shares.DeleteExpiredAsync(null, 100, None));
        Assert.Equal(1, await Shares.DeleteExpiredAsync(TimeSpan.FromDays(10), 100, None));
        Assert.Null(await Shares.FindAsync(direct, Alice, 0, None));
        await AgeAsync(kept, 31);
        Assert.Equal(1, await Shares.DeleteExpiredAsync(null, 100, None));
        Assert.Equal((0L, 0L), (await CountAsync(_store.Database, "sharing_shares"), await StoredBytesAsync(Alice)));

        for (var i = 0; i < 5; i++)
        {
            await CreateAsync(Alice, Team, "many", Wraps(string.Empty), at.AddHours(1));
        }

        await ExecuteAsync(_store.Database, $"UPDATE sharing_shares SET expires_at = {past}");
        foreach (var expected in new[] { 3, 2, 0 })
        {
            Assert.Equal(expected, await Shares.DeleteExpiredAsync(null, 3, None));
        }

        async Task AgeAsync(string id, int days)
        {
            var time = _store.Database.Now.AddDays(-days);
            await _store.Database.WriteAsync(
                "ageing a share", session => session.ExecuteAsync("UPDATE sharing_shares SET created_at = $2 WHERE id = $1", id, time), None);
        }
    }

    private static string Id(string name) => "c" + name.PadRight(24, '0');

    private static ShareWraps Wraps(string text, params (string UserId, string DeviceId)[] recipients) =>
        new(text, text.Length == 0 ? 0 : 1, [.. recipients.Select(static recipient => new ShareRecipient(recipient.UserId, recipient.DeviceId))]);

    // Alice owns a team with Bob and Carol; Dave has nothing to do with them.
    private async Task SetUpAsync(DatabaseEngine engine)
    {
        _store = await OpenAsync(engine);
        var now = _store.Database.Now;
        foreach (var (id, name) in new[] { (Alice, "alice"), (Bob, "bob"), (Carol, "carol"), (Dave, "dave") })
        {
            await _store.Database.WriteAsync(
                "making a user",
                session => session.ExecuteAsync(
                    "INSERT INTO sharing_users (id, account, name, email, created_at) VALUES ($1, $2, $2, 'e', $3)", id, name, now),
                None);
        }

        await AddTeamAsync(Team, Alice, Bob, Carol);
    }

    private Task<int> AddTeamAsync(string id, params string[] members)
    {
        var now = _store.Database.Now;
        return _store.Database.WriteAsync(
            "making a team",
            async session =>
            {
                await session.ExecuteAsync(
                    "INSERT INTO sharing_teams (id, name, slug, owner_id, created_at) VALUES ($1, 'The team', $1, $2, $3)", id, members[0], now);
                foreach (var member in members)
                {
                    await session.ExecuteAsync(
                        "INSERT INTO sharing_members (team_id, user_id, role, joined_at) VALUES ($1, $2, $3, $4)",
                        id,
                        member,
                        member == members[0] ? "OWNER" : "MEMBER",
                        now);
                }

                return 0;
            },
            None);
    }

    private Task<int> AddDeviceAsync(string userId, string deviceId, int slot)
    {
        var now = _store.Database.Now;
        return _store.Database.WriteAsync(
            "making a device",
            session => session.ExecuteAsync(
                """
                INSERT INTO sharing_devices (user_id, device_id, slot, encryption_key, algorithm, fingerprint, created_at, updated_at)
                VALUES ($1, $2, $3, $4, 'ECDH-P256', $5, $6, $6)
                """,
                userId,
                deviceId,
                slot,
                $$"""{"kty":"{{deviceId}}"}""",
                $"print of {deviceId}",
                now),
            None);
    }

    private Task<ShareCreation> TryCreateAsync(string author, string? team, string metadata, ShareWraps wraps, DateTimeOffset? expiresAt = null) =>
        Shares.CreateAsync(
            new NewShare(author, team, "c", "i", null, metadata, null, wraps, expiresAt), Limits, static _ => new SharingEventText("snippet:created", "{}"), None);

    private async Task<string> CreateAsync(string author, string? team, string metadata, ShareWraps wraps, DateTimeOffset? expiresAt = null)
    {
        var created = await TryCreateAsync(author, team, metadata, wraps, expiresAt);
        Assert.Equal(ShareWriteStatus.Done, created.Status);
        return created.Id!;
    }

    private Task<ShareOutcome> DeleteAsync(string id, string userId) =>
        Shares.DeleteAsync(id, userId, static team => new SharingEventText("snippet:deleted", team ?? "direct"), None);

    private Task<long> StoredBytesAsync(string userId) => ScalarAsync($"SELECT stored_bytes FROM sharing_users WHERE id = '{userId}'");

    private Task<long> ScalarAsync(string sql) =>
        _store.Database.ReadAsync("reading a number", session => session.QueryFirstAsync(sql, static row => row.Integer(0)), None);
}
