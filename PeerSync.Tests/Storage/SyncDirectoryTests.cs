using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class SyncDirectoryTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private static readonly string Alice = new('a', 64);
    private static readonly string Bob = new('b', 64);

    [Theory]
    [BothEngines]
    public async Task A_first_login_registers_the_device_and_is_read_back_as_it_was_told(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var before = store.Database.Now;

        var device = await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop", "desktop");

        Assert.Equal((Alice, Alice, "Laptop", "desktop", 0L), (device.UserId, device.OwnKey, device.Name, device.Type, device.Cursor));
        Assert.InRange(device.RegisteredAt, before, store.Database.Now);
        Assert.Equal(device.RegisteredAt, device.LastSeen);
        Assert.Equal(device, await store.Sync.FindDeviceAsync(device.DeviceId, None));
        Assert.Equal([device], await store.Sync.ListDevicesAsync(Alice, None));
        Assert.Empty(await store.Sync.ListDevicesAsync(Bob, None));
        Assert.Equal(["device.register"], await ActionsAsync(store));
    }

    [Theory]
    [BothEngines]
    public async Task A_later_login_keeps_what_it_does_not_say(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var first = await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop", "desktop");

        var silent = await LogInAsync(store, first.DeviceId, Alice);
        var empty = await LogInAsync(store, first.DeviceId, Alice, string.Empty);
        var renamed = await LogInAsync(store, first.DeviceId, Alice, "Other", "web");

        Assert.Equal(("Laptop", "desktop"), (silent.Name, silent.Type));
        Assert.Equal("Laptop", empty.Name);
        Assert.Equal(("Other", "web"), (renamed.Name, renamed.Type));
        Assert.Equal(first.RegisteredAt, renamed.RegisteredAt);
        Assert.True(renamed.LastSeen > first.LastSeen);
    }

    [Theory]
    [BothEngines]
    public async Task A_name_that_another_device_of_the_user_has_gets_the_first_free_number(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop");

        var second = await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop");
        var third = await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop (2)");
        var foreign = await LogInAsync(store, Guid.NewGuid(), Bob, "Laptop");
        var again = await LogInAsync(store, second.DeviceId, Alice, "Laptop (2)");
        var longest = new string('x', 50);
        await LogInAsync(store, Guid.NewGuid(), Alice, longest);
        var cut = await LogInAsync(store, Guid.NewGuid(), Alice, longest);
        await LogInAsync(store, Guid.NewGuid(), Alice, "Phone (a)");
        var notNumbered = await LogInAsync(store, Guid.NewGuid(), Alice, "Phone (a)");

        Assert.Equal("Laptop (2)", second.Name);
        Assert.Equal("Laptop (3)", third.Name);
        Assert.Equal("Laptop", foreign.Name);
        Assert.Equal("Laptop (2)", again.Name);
        Assert.Equal(new string('x', 46) + " (2)", cut.Name);
        Assert.Equal("Phone (a) (2)", notNumbered.Name);
    }

    [Theory]
    [BothEngines]
    public async Task A_name_is_made_to_fit_without_breaking_a_symbol(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);

        var cut = await LogInAsync(store, Guid.NewGuid(), Alice, new string('x', 49) + "\U0001F600");
        var odd = await LogInAsync(store, Guid.NewGuid(), Alice, "a\0b\uD800");

        Assert.Equal(new string('x', 49), cut.Name);
        Assert.Equal("a\uFFFDb\uFFFD", odd.Name);
    }

    [Theory]
    [BothEngines]
    public async Task Only_the_owner_and_the_key_that_registered_a_device_may_log_it_in(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var device = await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop");
        await LogInAsync(store, Guid.NewGuid(), Bob, "Bob's");

        Assert.Equal(new SyncLogin(SyncLoginStatus.Foreign, null), await store.Sync.LogInAsync(device.DeviceId, Bob, "Mine", "web", None));
        Assert.Equal(device, await store.Sync.FindDeviceAsync(device.DeviceId, None));

        await ExecuteAsync(store.Database, $"UPDATE sync_devices SET user_id = '{Bob}' WHERE id = '{device.DeviceId:D}'");
        Assert.Equal(Bob, (await LogInAsync(store, device.DeviceId, Alice)).UserId);
        Assert.Equal((Bob, Alice), await OwnersAsync(store, await LogInAsync(store, device.DeviceId, Bob)));
        Assert.Equal(SyncLoginStatus.Foreign, (await store.Sync.LogInAsync(device.DeviceId, new string('c', 64), null, null, None)).Status);
    }

    [Theory]
    [BothEngines]
    public async Task Parallel_logins_of_one_device_register_it_once(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var id = Guid.NewGuid();

        var logins = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => store.Sync.LogInAsync(id, Alice, "Laptop", "web", None)))), "16 logins");

        Assert.All(logins, login => Assert.Equal((SyncLoginStatus.Accepted, "Laptop"), (login.Status, login.Device!.Name)));
        Assert.Equal(1, await CountAsync(store.Database, "sync_devices"));
        Assert.Equal(["device.register"], await ActionsAsync(store));
    }

    [Theory]
    [BothEngines]
    public async Task Two_identities_that_claim_one_new_device_at_once_do_not_share_it(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        for (var round = 0; round < 10; round++)
        {
            var id = Guid.NewGuid();

            var logins = await WithinAsync(
                Task.WhenAll(((string[])[Alice, Bob]).Select(user => Task.Run(() => store.Sync.LogInAsync(id, user, null, null, None)))), "2 logins");

            Assert.Equal(
                [SyncLoginStatus.Accepted, SyncLoginStatus.Foreign], logins.Select(login => login.Status).Order());
        }
    }

    [Theory]
    [BothEngines]
    public async Task Parallel_logins_with_one_name_get_different_ones(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);

        var logins = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => store.Sync.LogInAsync(Guid.NewGuid(), Alice, "Laptop", null, None)))),
            "12 logins with the same name");

        var expected = Enumerable.Range(2, 11).Select(number => $"Laptop ({number})").Append("Laptop");
        Assert.Equal(expected.Order(StringComparer.Ordinal), logins.Select(login => login.Device!.Name!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [BothEngines]
    public async Task Renaming_says_what_stood_against_it(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var device = await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop");
        await LogInAsync(store, Guid.NewGuid(), Alice, "Phone");

        Assert.Equal(SyncRenameStatus.NotFound, await store.Sync.RenameAsync(Alice, Guid.NewGuid(), "x", None));
        Assert.Equal(SyncRenameStatus.Foreign, await store.Sync.RenameAsync(Bob, device.DeviceId, "x", None));
        Assert.Equal(SyncRenameStatus.NameTaken, await store.Sync.RenameAsync(Alice, device.DeviceId, "Phone", None));
        Assert.Equal(SyncRenameStatus.Renamed, await store.Sync.RenameAsync(Alice, device.DeviceId, "Laptop", None));
        Assert.Equal(SyncRenameStatus.Renamed, await store.Sync.RenameAsync(Alice, device.DeviceId, "Work", None));
        Assert.Equal("Work", (await store.Sync.FindDeviceAsync(device.DeviceId, None))!.Name);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Sync.RenameAsync(Alice, device.DeviceId, string.Empty, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Sync.RenameAsync(Alice, device.DeviceId, new string('x', 51), None));
    }

    [Theory]
    [BothEngines]
    public async Task A_removed_device_is_gone_and_cannot_come_back_until_it_is_unrevoked(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var device = await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop");

        Assert.Equal(SyncRemoveStatus.Foreign, await store.Sync.RemoveAsync(Bob, device.DeviceId, "x", None));
        Assert.False(await store.Sync.IsRevokedAsync(device.DeviceId, None));
        Assert.Equal(SyncRemoveStatus.Removed, await store.Sync.RemoveAsync(Alice, device.DeviceId, "lost", None));
        Assert.Equal(SyncRemoveStatus.NotFound, await store.Sync.RemoveAsync(Alice, device.DeviceId, "lost", None));

        Assert.True(await store.Sync.IsRevokedAsync(device.DeviceId, None));
        Assert.Null(await store.Sync.FindDeviceAsync(device.DeviceId, None));
        Assert.Equal(new SyncLogin(SyncLoginStatus.Revoked, null), await store.Sync.LogInAsync(device.DeviceId, Alice, "Laptop", null, None));
        var entry = Assert.Single(await store.Sync.ListRevocationsAsync(Alice, None));
        Assert.Equal((device.DeviceId, Alice, "lost", Alice), (entry.DeviceId, entry.UserId, entry.Reason, entry.RevokedBy));

        Assert.True(await store.Sync.UnrevokeAsync(device.DeviceId, None));
        Assert.False(await store.Sync.UnrevokeAsync(device.DeviceId, None));
        Assert.Equal("Laptop", (await LogInAsync(store, device.DeviceId, Alice, "Laptop")).Name);
        Assert.Equal(["device.register", "device.remove", "device.unrevoke", "device.register"], await ActionsAsync(store));
    }

    [Theory]
    [BothEngines]
    public async Task Revoking_keeps_the_row_and_works_for_devices_that_nobody_knows(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var device = await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop");
        var unknown = Guid.NewGuid();

        await store.Sync.RevokeAsync(device.DeviceId, Alice, "lost", "operator", None);
        await store.Sync.RevokeAsync(device.DeviceId, Alice, "found", null, None);
        await store.Sync.RevokeAsync(unknown, Bob, null, null, None);

        Assert.Equal(SyncLoginStatus.Revoked, (await store.Sync.LogInAsync(device.DeviceId, Alice, null, null, None)).Status);
        Assert.Equal(SyncLoginStatus.Revoked, (await store.Sync.LogInAsync(unknown, Alice, null, null, None)).Status);
        Assert.NotNull(await store.Sync.FindDeviceAsync(device.DeviceId, None));
        Assert.Equal([unknown, device.DeviceId], (await store.Sync.ListRevocationsAsync(null, None)).Select(entry => entry.DeviceId));
        var entry = Assert.Single(await store.Sync.ListRevocationsAsync(Alice, None));
        Assert.Equal(("found", null), (entry.Reason, entry.RevokedBy));
    }

    [Theory]
    [BothEngines]
    public async Task A_login_and_a_removal_at_once_never_leave_a_device_that_is_both_listed_and_registered(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        for (var round = 0; round < 10; round++)
        {
            var device = await LogInAsync(store, Guid.NewGuid(), Alice);

            await WithinAsync(
                Task.WhenAll(
                    Task.Run<object>(() => store.Sync.RemoveAsync(Alice, device.DeviceId, null, None).ContinueWith(removed => (object)removed.Result)),
                    Task.Run<object>(() => store.Sync.LogInAsync(device.DeviceId, Alice, null, null, None).ContinueWith(login => (object)login.Result))),
                "a login and a removal");

            Assert.True(await store.Sync.IsRevokedAsync(device.DeviceId, None));
            Assert.Null(await store.Sync.FindDeviceAsync(device.DeviceId, None));
        }
    }

    [Theory]
    [BothEngines]
    public async Task Cursors_move_only_forward_and_only_for_the_user_who_has_the_device(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var one = await LogInAsync(store, Guid.NewGuid(), Alice);
        var other = await LogInAsync(store, Guid.NewGuid(), Alice);

        await store.Sync.SaveCursorsAsync([], None);
        await store.Sync.SaveCursorsAsync([(one.DeviceId, Alice, 5), (other.DeviceId, Bob, 7), (Guid.NewGuid(), Alice, 9)], None);
        await store.Sync.SaveCursorsAsync([(one.DeviceId, Alice, 4)], None);

        Assert.Equal(5, (await store.Sync.FindDeviceAsync(one.DeviceId, None))!.Cursor);
        Assert.Equal(0, (await store.Sync.FindDeviceAsync(other.DeviceId, None))!.Cursor);
        Assert.Equal(5, (await LogInAsync(store, one.DeviceId, Alice)).Cursor);
    }

    [Theory]
    [BothEngines]
    public async Task Parallel_batches_of_cursors_in_opposite_orders_all_end(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var devices = new List<Guid>();
        for (var i = 0; i < 10; i++)
        {
            devices.Add((await LogInAsync(store, Guid.NewGuid(), Alice)).DeviceId);
        }

        await WithinAsync(
            Task.WhenAll(Enumerable.Range(1, 10).Select(cursor => Task.Run(async () =>
            {
                var order = cursor % 2 == 0 ? devices : Enumerable.Reverse(devices);
                await store.Sync.SaveCursorsAsync([.. order.Select(device => (device, Alice, (long)cursor))], None);
                return cursor;
            }))),
            "10 batches of cursors");

        Assert.All(await store.Sync.ListDevicesAsync(Alice, None), device => Assert.Equal(10, device.Cursor));
    }

    [Theory]
    [BothEngines]
    public async Task Being_seen_moves_the_time_and_makes_no_rows(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var device = await LogInAsync(store, Guid.NewGuid(), Alice);

        await store.Sync.TouchAsync(device.DeviceId, None);
        await store.Sync.TouchAsync(Guid.NewGuid(), None);

        Assert.True((await store.Sync.FindDeviceAsync(device.DeviceId, None))!.LastSeen > device.LastSeen);
        Assert.Equal(1, await CountAsync(store.Database, "sync_devices"));
    }

    [Theory]
    [BothEngines]
    public async Task A_profile_is_made_when_it_is_first_read_and_changed_by_what_is_named(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        Assert.Null(await store.Sync.GetProfileAsync(Alice, None));
        Assert.Null(await store.Sync.UpdateProfileAsync(Alice, new SyncProfileUpdate("A", false, null, null), None));
        Assert.False(await store.Sync.CompleteOnboardingAsync(Alice, None));
        await LogInAsync(store, Guid.NewGuid(), Alice);

        var empty = await store.Sync.GetProfileAsync(Alice, None);
        Assert.Equal((null, null, null, new SyncPreferences(null, null, null), false), (empty!.DisplayName, empty.Email, empty.AvatarUrl, empty.Preferences, empty.OnboardingCompleted));
        Assert.Equal(empty, await store.Sync.GetProfileAsync(Alice, None));

        var named = await store.Sync.UpdateProfileAsync(Alice, new SyncProfileUpdate("Alice", true, "a@example.org", new SyncPreferences("dark", true, false)), None);
        Assert.Equal(("Alice", "a@example.org", new SyncPreferences("dark", true, false)), (named!.DisplayName, named.Email, named.Preferences));
        Assert.True(named.UpdatedAt > empty.UpdatedAt);
        var partly = await store.Sync.UpdateProfileAsync(Alice, new SyncProfileUpdate(null, true, null, new SyncPreferences(null, false, null)), None);
        Assert.Equal(("Alice", null, new SyncPreferences(null, false, null)), (partly!.DisplayName, partly.Email, partly.Preferences));
        Assert.True(await store.Sync.CompleteOnboardingAsync(Alice, None));
        Assert.True((await store.Sync.GetProfileAsync(Alice, None))!.OnboardingCompleted);
    }

    [Theory]
    [BothEngines]
    public async Task Deleting_a_user_takes_everything_along_and_keeps_the_devices_out(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(new SyncPairingKeys(new byte[32]));
        var one = await LogInAsync(store, Guid.NewGuid(), Alice, "One");
        var two = await LogInAsync(store, Guid.NewGuid(), Alice, "Two");
        var bobs = await LogInAsync(store, Guid.NewGuid(), Bob, "One");
        await store.Sync.GetProfileAsync(Alice, None);
        await pairings.InitiateAsync(Alice, one.DeviceId, None);

        var deleted = await store.Sync.DeleteUserAsync(Alice, None);

        Assert.Equal(((Guid[])[one.DeviceId, two.DeviceId]).Order(), deleted!.Order());
        Assert.Null(await store.Sync.DeleteUserAsync(Alice, None));
        Assert.Equal(0, await CountAsync(store.Database, $"sync_users WHERE id = '{Alice}'"));
        Assert.Equal(0, await CountAsync(store.Database, "sync_profiles"));
        Assert.Equal(0, await CountAsync(store.Database, "sync_pairings"));
        Assert.Equal([bobs], await store.Sync.ListDevicesAsync(Bob, None));
        Assert.Equal(SyncLoginStatus.Revoked, (await store.Sync.LogInAsync(one.DeviceId, Alice, null, null, None)).Status);

        // The identity itself may begin anew.
        Assert.Equal(Alice, (await LogInAsync(store, Guid.NewGuid(), Alice)).UserId);
    }

    [Theory]
    [BothEngines]
    public async Task Devices_that_nobody_saw_are_found_and_deleted_unless_they_are_seen_after_all(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var old = await LogInAsync(store, Guid.NewGuid(), Alice, "Old");
        var back = await LogInAsync(store, Guid.NewGuid(), Alice, "Back");
        var before = store.Database.Now;
        var young = await LogInAsync(store, Guid.NewGuid(), Alice, "Young");

        Assert.Equal([old, back], await store.Sync.FindInactiveDevicesAsync(before, 10, None));
        Assert.Equal([old], await store.Sync.FindInactiveDevicesAsync(before, 1, None));
        await store.Sync.TouchAsync(back.DeviceId, None);
        Assert.Equal(1, await store.Sync.DeleteInactiveDevicesAsync([old.DeviceId, back.DeviceId, young.DeviceId], before, None));

        Assert.Equal(["Back", "Young"], (await store.Sync.ListDevicesAsync(Alice, None)).Select(device => device.Name));
        Assert.Equal(SyncLoginStatus.Accepted, (await store.Sync.LogInAsync(old.DeviceId, Bob, null, null, None)).Status);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Sync.FindInactiveDevicesAsync(before, 0, None));
    }

    [Theory]
    [BothEngines]
    public async Task What_is_no_user_id_is_refused_before_the_database_is_asked(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        foreach (var id in (string[])[string.Empty, "abc", new('A', 64), new('g', 64), new('a', 63), new('a', 65)])
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Sync.LogInAsync(Guid.NewGuid(), id, null, null, None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Sync.ListDevicesAsync(id, None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Sync.DeleteUserAsync(id, None));
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Sync.LogInAsync(Guid.NewGuid(), Alice, null, "tablet", None));
    }

    [Theory]
    [BothEngines]
    public async Task The_database_itself_refuses_what_must_not_be(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var device = await LogInAsync(store, Guid.NewGuid(), Alice, "Laptop", "web");
        var time = engine is DatabaseEngine.Sqlite ? "0" : "now()";
        string Insert(string id, string user, string key, string name, string type) =>
            $"INSERT INTO sync_devices (id, user_id, own_key, name, type, registered_at, last_seen) VALUES ('{id}', '{user}', '{key}', '{name}', '{type}', {time}, {time})";
        string[] forbidden =
        [
            Insert($"{Guid.NewGuid():D}", Alice, Alice, "Laptop", "web"),
            Insert($"{device.DeviceId:D}", Alice, Alice, "Other", "web"),
            Insert($"{Guid.NewGuid():D}", Bob, Alice, "Other", "web"),
            Insert($"{Guid.NewGuid():D}", Alice, "key", "Other", "web"),
            Insert($"{Guid.NewGuid():D}", Alice, Alice, string.Empty, "web"),
            Insert($"{Guid.NewGuid():D}", Alice, Alice, new string('x', 51), "web"),
            Insert($"{Guid.NewGuid():D}", Alice, Alice, "Other", "tablet"),
            Insert("short", Alice, Alice, "Other", "web"),
            $"INSERT INTO sync_users (id, created_at, last_activity) VALUES ('{new string('A', 64)}', {time}, {time})",
            "UPDATE sync_devices SET confirmed = -1",
            $"INSERT INTO sync_profiles (user_id, theme, created_at, updated_at) VALUES ('{Alice}', 'blue', {time}, {time})",
            $"INSERT INTO sync_profiles (user_id, auto_sync, created_at, updated_at) VALUES ('{Alice}', 2, {time}, {time})",
        ];

        foreach (var sql in forbidden)
        {
            await Assert.ThrowsAsync<ConstraintViolationException>(() => ExecuteAsync(store.Database, sql));
        }

        Assert.Equal(device, await store.Sync.FindDeviceAsync(device.DeviceId, None));
    }

    internal static async Task<SyncDevice> LogInAsync(DataStore store, Guid deviceId, string identity, string? name = null, string? type = null)
    {
        var login = await store.Sync.LogInAsync(deviceId, identity, name, type, None);
        Assert.Equal(SyncLoginStatus.Accepted, login.Status);
        return login.Device!;
    }

    internal static async Task<List<string>> ActionsAsync(DataStore store) =>
        [.. (await store.Audit.ReadNewestAsync("sync", 100, None)).Select(record => record.Entry.Action).Reverse()];

    private static async Task<(string UserId, string OwnKey)> OwnersAsync(DataStore store, SyncDevice device)
    {
        var found = await store.Sync.FindDeviceAsync(device.DeviceId, None);
        return (found!.UserId, found.OwnKey);
    }
}
