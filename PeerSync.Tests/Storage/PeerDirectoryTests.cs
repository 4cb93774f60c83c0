using System.Text.RegularExpressions;
using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Peers;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed partial class PeerDirectoryTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    [Theory]
    [BothEngines]
    public async Task A_user_who_never_logged_in_creates_a_network_and_is_in_it(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var before = DateTimeOffset.UtcNow;

        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);

        Assert.Matches(CodePattern(), network.InviteCode);
        Assert.Equal("alice", network.CreatedBy);
        Assert.Equal(network.Id, Guid.Parse(network.Id).ToString());
        Assert.InRange(network.CreatedAt, before.AddMicroseconds(-1), DateTimeOffset.UtcNow);
        Assert.Equal(TimeSpan.Zero, network.CreatedAt.Offset);

        // Equal to the microsecond: what a caller was told is what anybody reads later.
        Assert.Equal(network, await store.Peers.FindNetworkAsync("alice", None));
        Assert.Equal(1, await CountAsync(store.Database, "users WHERE id = 'alice' AND last_login_at IS NULL AND display_name = 'Name of alice'"));
    }

    [Theory]
    [BothEngines]
    public async Task Whoever_is_in_no_network_is_told_so(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        await store.Peers.SaveUserAsync(User("alice"), None);

        Assert.Null(await store.Peers.FindNetworkAsync("alice", None));
        Assert.Null(await store.Peers.FindNetworkAsync("nobody", None));
    }

    [Theory]
    [BothEngines]
    public async Task Saving_a_user_again_updates_the_row_and_keeps_when_it_was_made(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        await store.Peers.SaveUserAsync(new UserRecord("alice", string.Empty, "Old", "email", null), None);
        var first = await ReadUserAsync(store, "alice");

        await store.Peers.SaveUserAsync(new UserRecord("alice", "a@example.org", "New \u00FC\U0001F600", "google", "https://example.org/a.png"), None);
        var second = await ReadUserAsync(store, "alice");

        Assert.Equal(("", "Old", "email", null), (first.Email, first.DisplayName, first.Provider, first.AvatarUrl));
        Assert.Equal(first.CreatedAt, first.LastLoginAt);
        Assert.Equal(
            ("a@example.org", "New \u00FC\U0001F600", "google", "https://example.org/a.png"),
            (second.Email, second.DisplayName, second.Provider, second.AvatarUrl));
        Assert.Equal(first.CreatedAt, second.CreatedAt);
        Assert.True(second.LastLoginAt > first.LastLoginAt);
        Assert.Equal(second.LastLoginAt, second.UpdatedAt);
        Assert.Equal(1, await CountAsync(store.Database, "users"));
    }

    [Theory]
    [BothEngines]
    public async Task Creating_a_network_leaves_a_known_users_row_alone(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        await store.Peers.SaveUserAsync(User("alice"), None);
        var saved = await ReadUserAsync(store, "alice");

        await store.Peers.CreateNetworkAsync(User("alice") with { DisplayName = "Other" }, None);

        Assert.Equal(saved, await ReadUserAsync(store, "alice"));
    }

    [Theory]
    [BothEngines]
    public async Task Creating_switches_to_the_new_network_and_the_old_one_stays_joinable(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var first = await store.Peers.CreateNetworkAsync(User("alice"), None);

        var second = await store.Peers.CreateNetworkAsync(User("alice"), None);

        Assert.NotEqual(first.InviteCode, second.InviteCode);
        Assert.Equal(second, await store.Peers.FindNetworkAsync("alice", None));
        Assert.Equal(first, await store.Peers.JoinNetworkAsync(User("bob"), first.InviteCode, None));
    }

    [Theory]
    [BothEngines]
    public async Task Joining_switches_and_an_unknown_code_keeps_the_membership_and_writes_nothing(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);
        var own = await store.Peers.CreateNetworkAsync(User("bob"), None);

        Assert.Null(await store.Peers.JoinNetworkAsync(User("bob"), "PS-NOSUCH", None));
        Assert.Equal(own, await store.Peers.FindNetworkAsync("bob", None));
        Assert.Null(await store.Peers.JoinNetworkAsync(User("carol"), "PS-NOSUCH", None));
        Assert.Equal(0, await CountAsync(store.Database, "users WHERE id = 'carol'"));

        Assert.Equal(network, await store.Peers.JoinNetworkAsync(User("bob"), network.InviteCode, None));
        Assert.Equal(network, await store.Peers.FindNetworkAsync("bob", None));
        Assert.Equal(network, await store.Peers.JoinNetworkAsync(User("carol"), network.InviteCode, None));
    }

    [Theory]
    [BothEngines]
    public async Task Joining_the_same_network_again_changes_nothing(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);
        await store.Peers.JoinNetworkAsync(User("bob"), network.InviteCode, None);
        var joined = await ReadJoinedAtAsync(store, "bob");

        Assert.Equal(network, await store.Peers.JoinNetworkAsync(User("bob"), network.InviteCode, None));

        Assert.Equal(joined, await ReadJoinedAtAsync(store, "bob"));
        Assert.Equal(1, await CountAsync(store.Database, "audit WHERE actor = 'bob'"));
    }

    [Theory]
    [BothEngines]
    public async Task A_code_is_found_whatever_its_case_and_the_space_around_it(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);

        Assert.Equal(network, await store.Peers.JoinNetworkAsync(User("bob"), network.InviteCode.ToLowerInvariant(), None));
        Assert.Equal(network, await store.Peers.JoinNetworkAsync(User("carol"), $" \t{network.InviteCode}\n", None));
    }

    [Theory]
    [BothEngines]
    public async Task A_code_that_no_database_can_hold_is_unknown(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        await store.Peers.CreateNetworkAsync(User("alice"), None);

        Assert.Null(await store.Peers.JoinNetworkAsync(User("bob"), "PS-\0ABCDE", None));
        Assert.Null(await store.Peers.JoinNetworkAsync(User("bob"), "PS-\uD800ABCDE", None));
        Assert.Null(await store.Peers.JoinNetworkAsync(User("bob"), string.Empty, None));
        Assert.Null(await store.Peers.JoinNetworkAsync(User("bob"), "PS-" + new string('A', 100_000), None));
    }

    [Theory]
    [BothEngines]
    public async Task Leaving_ends_the_membership_and_leaving_again_is_no_fault(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);

        await store.Peers.LeaveNetworkAsync("alice", None);
        Assert.Null(await store.Peers.FindNetworkAsync("alice", None));
        await store.Peers.LeaveNetworkAsync("alice", None);
        await store.Peers.LeaveNetworkAsync("nobody", None);

        Assert.Equal(1, await CountAsync(store.Database, "audit WHERE action = 'network.leave'"));
        Assert.Equal(network, await store.Peers.JoinNetworkAsync(User("alice"), network.InviteCode, None));
    }

    [Theory]
    [BothEngines]
    public async Task Every_change_is_audited_with_it(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);
        await store.Peers.JoinNetworkAsync(User("bob"), network.InviteCode, None);
        await store.Peers.LeaveNetworkAsync("alice", None);

        var entries = await store.Audit.ReadNewestAsync("peers", 10, None);

        Assert.Equal(
            [
                new AuditEntry("peers", "network.leave", "alice", network.Id, null),
                new AuditEntry("peers", "network.join", "bob", network.Id, null),
                new AuditEntry("peers", "network.create", "alice", network.Id, null),
            ],
            entries.Select(record => record.Entry));
        Assert.Equal(network.CreatedAt, entries[2].At);
    }

    [Theory]
    [BothEngines]
    public async Task Parallel_creates_and_joins_of_one_user_end_in_exactly_one_network(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var codes = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            codes.Add((await store.Peers.CreateNetworkAsync(User($"owner{i}"), None)).InviteCode);
        }

        var changes = codes
            .Select(code => Task.Run(() => store.Peers.JoinNetworkAsync(User("alice"), code, None)))
            .Concat(codes.Select(_ => Task.Run<NetworkRecord?>(async () => await store.Peers.CreateNetworkAsync(User("alice"), None))))
            .ToList();
        var networks = await WithinAsync(Task.WhenAll(changes), "20 parallel creates and joins");

        Assert.Equal(20, networks.Distinct().Count());
        Assert.Contains(await store.Peers.FindNetworkAsync("alice", None), networks);
        Assert.Equal(1, await CountAsync(store.Database, "network_members WHERE user_id = 'alice'"));
        Assert.Equal(20, await CountAsync(store.Database, "networks"));
        Assert.Equal(20, await CountAsync(store.Database, "audit WHERE actor = 'alice'"));
    }

    [Theory]
    [BothEngines]
    public async Task The_database_itself_refuses_what_must_not_be(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);
        var time = engine is DatabaseEngine.Sqlite ? "0" : "now()";
        string[] forbidden =
        [
            $"INSERT INTO network_members (user_id, network_id, joined_at) VALUES ('alice', '{network.Id}', {time})",
            $"INSERT INTO networks (id, invite_code, created_by, created_at) VALUES ('x', '{network.InviteCode.ToLowerInvariant()}', 'alice', {time})",
            $"INSERT INTO networks (id, invite_code, created_by, created_at) VALUES ('x', 'PS-OTHER', 'nobody', {time})",
            $"INSERT INTO network_members (user_id, network_id, joined_at) VALUES ('nobody', '{network.Id}', {time})",
            $"UPDATE network_members SET network_id = 'nowhere' WHERE user_id = 'alice'",
            $"INSERT INTO users (id, email, display_name, created_at, updated_at) VALUES ('', '', '', {time}, {time})",
            $"INSERT INTO users (id, email, display_name, created_at, updated_at) VALUES ('{new string('x', 513)}', '', '', {time}, {time})",
        ];

        foreach (var sql in forbidden)
        {
            await Assert.ThrowsAsync<ConstraintViolationException>(() => ExecuteAsync(store.Database, sql));
        }

        Assert.Equal(network, await store.Peers.FindNetworkAsync("alice", None));
    }

    [Theory]
    [BothEngines]
    public async Task Deleting_an_account_takes_its_networks_and_memberships_with_it_but_not_the_audit(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);
        await store.Peers.JoinNetworkAsync(User("bob"), network.InviteCode, None);

        await ExecuteAsync(store.Database, "DELETE FROM users WHERE id = 'alice'");

        Assert.Null(await store.Peers.FindNetworkAsync("alice", None));
        Assert.Null(await store.Peers.FindNetworkAsync("bob", None));
        Assert.Equal(0, await CountAsync(store.Database, "networks"));
        Assert.Equal(1, await CountAsync(store.Database, "users"));
        Assert.Equal(2, await CountAsync(store.Database, "audit"));
    }

    [Theory]
    [BothEngines]
    public async Task A_code_that_is_taken_is_drawn_again(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var codes = new Queue<string>(["PS-AAAAAA", "PS-AAAAAA", "ps-aaaaaa", "PS-BBBBBB"]);
        var directory = new PeerDirectory(store.Database, codes.Dequeue);

        var first = await directory.CreateNetworkAsync(User("alice"), None);
        var second = await directory.CreateNetworkAsync(User("bob"), None);

        Assert.Equal("PS-AAAAAA", first.InviteCode);
        Assert.Equal("PS-BBBBBB", second.InviteCode);
        Assert.Equal(second, await directory.FindNetworkAsync("bob", None));
    }

    [Theory]
    [BothEngines]
    public async Task When_no_free_code_is_found_nothing_is_kept(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var directory = new PeerDirectory(store.Database, () => "PS-AAAAAA");
        await directory.CreateNetworkAsync(User("alice"), None);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => directory.CreateNetworkAsync(User("bob"), None));

        Assert.Equal(1, await CountAsync(store.Database, "users"));
        Assert.Equal(1, await CountAsync(store.Database, "audit"));
    }

    [Theory]
    [BothEngines]
    public async Task Text_that_cannot_be_stored_is_replaced_and_such_an_id_refused(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);

        await store.Peers.SaveUserAsync(new UserRecord("alice", "a\0b", "x\uD800y\U0001F600", "em\0ail", "\uDC00"), None);

        var user = await ReadUserAsync(store, "alice");
        Assert.Equal(("a\uFFFDb", "x\uFFFDy\U0001F600", "em\uFFFDail", "\uFFFD"), (user.Email, user.DisplayName, user.Provider, user.AvatarUrl));
        foreach (var id in (string[])["", "a\0", "\uD800", new string('x', UserRecord.MaxIdLength + 1)])
        {
            await Assert.ThrowsAsync<ArgumentException>(() => store.Peers.SaveUserAsync(User(id), None));
            await Assert.ThrowsAsync<ArgumentException>(() => store.Peers.FindNetworkAsync(id, None));
            await Assert.ThrowsAsync<ArgumentException>(() => store.Peers.CreateNetworkAsync(User(id), None));
            await Assert.ThrowsAsync<ArgumentException>(() => store.Peers.JoinNetworkAsync(User(id), "PS-AAAAAA", None));
            await Assert.ThrowsAsync<ArgumentException>(() => store.Peers.LeaveNetworkAsync(id, None));
        }
    }

    [Theory]
    [BothEngines]
    public async Task The_longest_id_fits_the_indexes(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);

        // Three bytes for each unit in UTF-8, and nothing that compresses.
        var random = new Random(17);
        var id = string.Concat(Enumerable.Range(0, UserRecord.MaxIdLength).Select(_ => (char)random.Next(0x4E00, 0x9FFF)));

        var network = await store.Peers.CreateNetworkAsync(User(id), None);

        Assert.Equal(network, await store.Peers.FindNetworkAsync(id, None));
    }

    [Theory]
    [BothEngines]
    public async Task Fifty_writers_at_once_all_find_what_they_wrote(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);

        var writers = Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            var id = $"user{i}";
            for (var round = 0; round < 5; round++)
            {
                await store.Peers.SaveUserAsync(User(id), None);
                var network = await store.Peers.CreateNetworkAsync(User(id), None);
                Assert.Equal(network, await store.Peers.FindNetworkAsync(id, None));
            }

            return id;
        }));
        await WithinAsync(Task.WhenAll(writers), "50 writers");

        Assert.Equal(50, await CountAsync(store.Database, "users"));
        Assert.Equal(250, await CountAsync(store.Database, "networks"));
        Assert.Equal(50, await CountAsync(store.Database, "network_members"));
        Assert.Equal(250, await CountAsync(store.Database, "audit"));
    }

    [Fact]
    public void Codes_use_only_symbols_that_nobody_mistakes_and_all_of_them()
    {
        var codes = Enumerable.Range(0, 2000).Select(_ => InviteCode.Generate()).ToList();

        Assert.All(codes, code => Assert.Matches(CodePattern(), code));
        Assert.Equal(32, codes.SelectMany(code => code[3..]).Distinct().Count());
        Assert.Equal(2000, codes.Distinct().Count());
    }

    [GeneratedRegex("^PS-[A-HJ-NP-Z2-9]{6}$")]
    private static partial Regex CodePattern();

    private static Task<DateTimeOffset> ReadJoinedAtAsync(DataStore store, string userId) =>
        store.Database.ReadAsync(
            "reading a membership",
            session => session.QueryFirstAsync("SELECT joined_at FROM network_members WHERE user_id = $1", row => row.Time(0), userId),
            None);

    private static async Task<UserRow> ReadUserAsync(DataStore store, string id)
    {
        var user = await store.Database.ReadAsync(
            "reading a user",
            session => session.QueryFirstAsync(
                "SELECT email, display_name, provider, avatar_url, created_at, updated_at, last_login_at FROM users WHERE id = $1",
                row => new UserRow(row.Text(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.Time(4), row.Time(5), row.Time(6)),
                id),
            None);
        return user ?? throw new InvalidOperationException($"There is no user {id}.");
    }

    private sealed record UserRow(
        string Email,
        string DisplayName,
        string Provider,
        string? AvatarUrl,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        DateTimeOffset LastLoginAt);
}
