using PeerSync.Storage.Databases;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class SharingDevicesTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private static readonly SharingEventText Changed = SharingPeople.Told("keys:changed");

    [Theory]
    [BothEngines]
    public async Task Of_registrations_that_come_at_once_as_many_stay_as_are_allowed(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var devices = store.Sharing.Devices;
        var alice = await SharingPeople.AddUserAsync(store, "alice");
        var outcomes = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 10).Select(i => devices.RegisterAsync(alice, Device($"d{i}"), 2, Changed, None))), "the registrations");
        Assert.Equal(2, outcomes.Count(static outcome => outcome is { Status: SharingRegistrationStatus.Registered, Event: not null }));
        Assert.Equal(8, outcomes.Count(static outcome => outcome is { Status: SharingRegistrationStatus.TooMany, Event: null }));
        var kept = await devices.ListAsync(alice, None);
        Assert.Equal(2, kept.Count);
        Assert.True(kept[0].CreatedAt < kept[1].CreatedAt);
        Assert.Equal([1, 2], outcomes.Where(static outcome => outcome.Event is not null).Select(static outcome => outcome.Event!.Id).Order());

        // Each device that is known may still change its keys, and all of them do it at once.
        var renewed = await WithinAsync(
            Task.WhenAll(kept.Select(device => devices.RegisterAsync(alice, Device(device.DeviceId, "other"), 1, Changed, None))), "the renewals");
        Assert.All(renewed, static outcome => Assert.Equal(SharingRegistrationStatus.Registered, outcome.Status));
        Assert.Equal(
            kept.Select(static device => device with { EncryptionKey = "other", Fingerprint = "of other" }), await devices.ListAsync(alice, None));
    }

    [Theory]
    [BothEngines]
    public async Task What_changes_nothing_is_not_written_and_not_told(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var devices = store.Sharing.Devices;
        var alice = await SharingPeople.AddUserAsync(store, "alice");
        var device = Device("d") with { SigningKey = "signing" };
        var registered = await devices.RegisterAsync(alice, device, 2, Changed, None);
        Assert.Equal((SharingRegistrationStatus.Registered, "keys:changed"), (registered.Status, registered.Event!.Text.Name));
        Assert.Equal([alice], registered.Event.Audience);
        Assert.Equal(new SharingRegistration(SharingRegistrationStatus.Unchanged), await devices.RegisterAsync(alice, device, 2, Changed, None));
        Assert.Equal(1, await CountAsync(store.Database, "sharing_events"));
        foreach (var other in new[] { device with { SigningKey = null }, device with { Algorithm = "other" }, Device("d", "other") })
        {
            Assert.Equal(SharingRegistrationStatus.Registered, (await devices.RegisterAsync(alice, other, 2, Changed, None)).Status);
        }

        Assert.Null(Assert.Single(await devices.ListAsync(alice, None)).SigningKey);
        Assert.Equal(Enumerable.Repeat("DEVICE_KEY_REGISTERED", 4), await SharingPeople.ReadActionsAsync(store));
    }

    [Theory]
    [BothEngines]
    public async Task The_oldest_device_is_the_primary_one(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var devices = store.Sharing.Devices;
        var alice = await SharingPeople.AddUserAsync(store, "alice");

        // Where nothing is, nothing is refused.
        Assert.Equal(new SharingRemoval(IsRefused: false), await devices.RemoveAsync(alice, "a", false, Changed, None));
        foreach (var id in new[] { "b", "a", "c" })
        {
            await devices.RegisterAsync(alice, Device(id), 3, Changed, None);
        }

        // Also where the clock stood still: the age decides, not the name, and not the room that was free.
        await ExecuteAsync(store.Database, $"UPDATE sharing_devices SET created_at = {Past(engine)} WHERE device_id = 'b'");
        Assert.Equal(["b", "a", "c"], await IdsAsync());
        Assert.Equal(new SharingRemoval(IsRefused: true), await devices.RemoveAsync(alice, "b", false, Changed, None));
        Assert.NotNull((await devices.RemoveAsync(alice, "b", true, Changed, None)).Event);
        await devices.RegisterAsync(alice, Device("b"), 3, Changed, None);
        Assert.Equal(["a", "c", "b"], await IdsAsync());
        Assert.NotNull((await devices.RemoveAsync(alice, "c", false, Changed, None)).Event);
        Assert.Equal(new SharingRemoval(IsRefused: false), await devices.RemoveAsync(alice, "c", true, Changed, None));
        Assert.Equal(["a", "b"], await IdsAsync());
        Assert.Equal(
            ["DEVICE_KEY_DELETED", "DEVICE_KEY_REGISTERED", "DEVICE_KEY_FORCE_DELETED"], (await SharingPeople.ReadActionsAsync(store)).Take(3));

        async Task<IEnumerable<string>> IdsAsync() => (await devices.ListAsync(alice, None)).Select(static device => device.DeviceId);
    }

    [Theory]
    [BothEngines]
    public async Task A_clock_that_was_put_back_makes_nobody_primary(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var devices = store.Sharing.Devices;
        var alice = await SharingPeople.AddUserAsync(store, "alice");
        await devices.RegisterAsync(alice, Device("first"), 2, Changed, None);
        await ExecuteAsync(store.Database, $"UPDATE sharing_devices SET created_at = {Future(engine)}");
        await devices.RegisterAsync(alice, Device("a second"), 2, Changed, None);
        var kept = await devices.ListAsync(alice, None);
        Assert.Equal(["first", "a second"], kept.Select(static device => device.DeviceId));
        Assert.Equal(kept[0].CreatedAt.AddMicroseconds(1), kept[1].CreatedAt);
    }

    [Theory]
    [BothEngines]
    public async Task Members_see_the_devices_of_their_team_and_nobody_else_does(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var devices = store.Sharing.Devices;
        var alice = await SharingPeople.AddUserAsync(store, "alice");
        var bob = await SharingPeople.AddUserAsync(store, "bob");
        var carol = await SharingPeople.AddUserAsync(store, "carol");
        var team = await SharingPeople.AddTeamAsync(store, alice, bob);
        var other = await SharingPeople.AddTeamAsync(store, bob);
        Assert.Empty((await devices.ListOfTeamAsync(team.Id, alice, None))!);
        await devices.RegisterAsync(bob, Device("b1"), 2, Changed, None);
        await devices.RegisterAsync(alice, Device("a1"), 2, Changed, None);
        var registered = await devices.RegisterAsync(alice, Device("a2"), 2, Changed, None);
        Assert.Equal([alice, bob], registered.Event!.Audience);
        await devices.RegisterAsync(carol, Device("c1"), 2, Changed, None);

        var recipients = (await devices.ListOfTeamAsync(team.Id, bob, None))!;
        Assert.Equal([(alice, "a1"), (alice, "a2"), (bob, "b1")], recipients.Select(static recipient => (recipient.UserId, recipient.Device.DeviceId)));
        Assert.Equal(await devices.ListAsync(bob, None), recipients.Where(recipient => recipient.UserId == bob).Select(static recipient => recipient.Device));
        Assert.Equal(recipients, await devices.ListOfFirstTeamAsync(bob, None));
        Assert.Single((await devices.ListOfTeamAsync(other.Id, bob, None))!);
        Assert.Null(await devices.ListOfTeamAsync(other.Id, alice, None));
        Assert.Null(await devices.ListOfTeamAsync(team.Id, carol, None));
        Assert.Null(await devices.ListOfTeamAsync(SharingIds.New(), alice, None));
        Assert.Null(await devices.ListOfTeamAsync("no id", alice, None));
        Assert.Empty(await devices.ListOfFirstTeamAsync(carol, None));
    }

    [Theory]
    [BothEngines]
    public async Task Of_claims_that_come_at_once_one_gets_the_message(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var devices = store.Sharing.Devices;
        var alice = await SharingPeople.AddUserAsync(store, "alice");
        var bob = await SharingPeople.AddUserAsync(store, "bob");
        var message = new SharingPairing("iv", "ciphertext");
        var token = await devices.StartPairingAsync(alice, "any", message, TimeSpan.FromMinutes(5), None);
        Assert.Matches("^[A-Za-z0-9_-]{24}$", token);
        Assert.Equal(new SharingClaim(null, IsForbidden: true), await devices.ClaimPairingAsync(bob, token!, None));
        var claims = await WithinAsync(Task.WhenAll(Enumerable.Range(0, 10).Select(_ => devices.ClaimPairingAsync(alice, token!, None))), "the claims");
        Assert.Equal(message, Assert.Single(claims, static claim => claim.Pairing is not null).Pairing);
        Assert.All(claims, static claim => Assert.False(claim.IsForbidden));
        Assert.Equal(new SharingClaim(null), await devices.ClaimPairingAsync(bob, token!, None));
        Assert.Equal(["DEVICE_PAIRING_CLAIMED", "DEVICE_PAIRING_CREATED"], await SharingPeople.ReadActionsAsync(store));

        // Nothing in the database opens it.
        var last = await devices.StartPairingAsync(alice, "any", message, TimeSpan.FromMinutes(5), None);
        Assert.Equal(0, await CountAsync(store.Database, $"sharing_pairings WHERE CAST(token_hash AS TEXT) LIKE '%{last}%'"));
    }

    [Theory]
    [BothEngines]
    public async Task Pairing_is_for_the_primary_device_and_bounded(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var devices = store.Sharing.Devices;
        var alice = await SharingPeople.AddUserAsync(store, "alice");
        var message = new SharingPairing("iv", "ciphertext");
        var tokens = new List<string>();
        for (var i = 0; i <= SharingPairing.MaxPerUser; i++)
        {
            tokens.Add((await devices.StartPairingAsync(alice, "any", message, TimeSpan.FromMinutes(5), None))!);
        }

        Assert.Equal(SharingPairing.MaxPerUser, await CountAsync(store.Database, "sharing_pairings"));
        Assert.Null((await devices.ClaimPairingAsync(alice, tokens[0], None)).Pairing);
        Assert.NotNull((await devices.ClaimPairingAsync(alice, tokens[1], None)).Pairing);

        await devices.RegisterAsync(alice, Device("a"), 2, Changed, None);
        await devices.RegisterAsync(alice, Device("b"), 2, Changed, None);
        Assert.Null(await devices.StartPairingAsync(alice, "b", message, TimeSpan.FromMinutes(5), None));
        Assert.Null(await devices.StartPairingAsync(alice, "any", message, TimeSpan.FromMinutes(5), None));
        Assert.NotNull(await devices.StartPairingAsync(alice, "a", message, TimeSpan.FromMinutes(5), None));
        Assert.Null(await devices.StartPairingAsync(SharingIds.New(), "a", message, TimeSpan.FromMinutes(5), None));

        Assert.Equal(0, await devices.DeleteExpiredAsync(100, None));
        await ExecuteAsync(store.Database, $"UPDATE sharing_pairings SET expires_at = {Past(engine)}");
        Assert.Null((await devices.ClaimPairingAsync(alice, tokens[^1], None)).Pairing);
        Assert.False((await devices.ClaimPairingAsync(await SharingPeople.AddUserAsync(store, "bob"), tokens[^1], None)).IsForbidden);
        Assert.Equal(6, await devices.DeleteExpiredAsync(6, None));
        Assert.Equal(4, await devices.DeleteExpiredAsync(6, None));
        Assert.Equal(0, await CountAsync(store.Database, "sharing_pairings"));
    }

    [Theory]
    [BothEngines]
    public async Task What_cannot_be_kept_is_refused_and_what_cannot_be_there_is_not_found(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var devices = store.Sharing.Devices;
        var alice = await SharingPeople.AddUserAsync(store, "alice");
        var message = new SharingPairing("iv", "ciphertext");
        foreach (var id in new[] { string.Empty, new string('d', 129), "a\0b", "a\uD800" })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => devices.RegisterAsync(alice, Device(id), 2, Changed, None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => devices.StartPairingAsync(alice, id, message, TimeSpan.FromMinutes(1), None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => devices.RegisterAsync(alice, Device("d") with { Algorithm = id }, 2, Changed, None));
            Assert.Equal(new SharingRemoval(IsRefused: false), await devices.RemoveAsync(alice, id, true, Changed, None));
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(() => devices.RegisterAsync(alice, Device("d", "a\0"), 2, Changed, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => devices.RegisterAsync(alice, Device("d") with { SigningKey = "\uDC00" }, 2, Changed, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => devices.RegisterAsync(alice, Device("d"), 0, Changed, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => devices.RegisterAsync(alice, Device("d"), SharingDevice.MaxPerUser + 1, Changed, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => devices.StartPairingAsync(alice, "d", message with { Iv = "\0" }, TimeSpan.FromMinutes(1), None));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => devices.StartPairingAsync(alice, "d", message with { Ciphertext = new string('x', 16_385) }, TimeSpan.FromMinutes(1), None));
        foreach (var user in new[] { string.Empty, "no id", "a\0b", "a\uD800", SharingIds.New() })
        {
            Assert.Equal(SharingRegistrationStatus.UnknownUser, (await devices.RegisterAsync(user, Device("d"), 2, Changed, None)).Status);
            Assert.Empty(await devices.ListAsync(user, None));
            Assert.Empty(await devices.ListOfFirstTeamAsync(user, None));
            Assert.Equal(new SharingRemoval(IsRefused: false), await devices.RemoveAsync(user, "d", false, Changed, None));
            Assert.Null(await devices.StartPairingAsync(user, "d", message, TimeSpan.FromMinutes(1), None));
        }

        foreach (var token in new[] { string.Empty, "\0", "\uD800", new string('t', 100_000) })
        {
            Assert.Equal(new SharingClaim(null), await devices.ClaimPairingAsync(alice, token, None));
            Assert.Equal(new SharingClaim(null), await devices.ClaimPairingAsync("a\0", token, None));
        }

        Assert.Equal(0, await CountAsync(store.Database, "sharing_events"));
    }

    private static NewSharingDevice Device(string id, string key = "key") => new(id, key, $"of {key}", null, "ECDH-P-256");

    private static string Past(DatabaseEngine engine) => engine is DatabaseEngine.Sqlite ? "1000000" : "timestamptz '1970-01-01 00:00:01+00'";

    private static string Future(DatabaseEngine engine) => engine is DatabaseEngine.Sqlite ? "4102444800000000" : "timestamptz '2100-01-01 00:00:00+00'";
}
