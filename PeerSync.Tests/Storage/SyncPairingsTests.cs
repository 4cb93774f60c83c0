using System.Text;
using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class SyncPairingsTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private static readonly string Alice = new('a', 64);
    private static readonly string Bob = new('b', 64);
    private static readonly SyncPairingKeys Keys = new([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]);
    private static readonly byte[] Record = Encoding.UTF8.GetBytes("""{"privateKeyHex":"a secret that must not be readable"}""");

    [Theory]
    [BothEngines]
    public async Task A_code_moves_the_joiner_to_the_user_who_showed_it(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        var laptop = await RegisterAsync(store, Alice, "Laptop");
        var phone = await RegisterAsync(store, Bob, "Laptop");
        await store.Sync.SaveCursorsAsync([(phone.DeviceId, Bob, 7)], None);
        var code = await pairings.InitiateAsync(Alice, laptop.DeviceId, None);
        Assert.Matches("^[0-9]{6}$", code);

        var completion = await pairings.CompleteAsync(code, phone.DeviceId, None);

        Assert.Equal((SyncPairingStatus.Completed, Alice), (completion.Status, completion.LinkedUserId));
        Assert.Equal((Alice, Bob, "Laptop (2)", 0L), (completion.Device!.UserId, completion.Device.OwnKey, completion.Device.Name, completion.Device.Cursor));
        Assert.Equal(completion.Device, await store.Sync.FindDeviceAsync(phone.DeviceId, None));
        Assert.Equal(Alice, (await store.Sync.LogInAsync(phone.DeviceId, Bob, null, null, None)).Device!.UserId);
        Assert.Equal(SyncPairingStatus.AlreadyUsed, (await pairings.CompleteAsync(code, phone.DeviceId, None)).Status);
    }

    [Theory]
    [BothEngines]
    public async Task A_device_of_the_same_user_completes_and_stays_as_it_is(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        var laptop = await RegisterAsync(store, Alice, "Laptop");
        await store.Sync.SaveCursorsAsync([(laptop.DeviceId, Alice, 7)], None);
        var code = await pairings.InitiateAsync(Alice, laptop.DeviceId, None);

        var completion = await pairings.CompleteAsync(code, laptop.DeviceId, None);

        Assert.Equal(new SyncPairingCompletion(SyncPairingStatus.Completed, laptop with { Cursor = 7 }), completion);
    }

    [Theory]
    [BothEngines]
    public async Task Of_two_devices_that_enter_a_code_at_once_one_gets_in(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        var laptop = await RegisterAsync(store, Alice, "Laptop");
        for (var round = 0; round < 10; round++)
        {
            var joiners = new List<SyncDevice>();
            for (var i = 0; i < 4; i++)
            {
                joiners.Add(await RegisterAsync(store, new string("cdef"[i], 64), "Phone"));
            }

            var code = await pairings.InitiateAsync(Alice, laptop.DeviceId, None);
            var completions = await WithinAsync(
                Task.WhenAll(joiners.Select(joiner => Task.Run(() => pairings.CompleteAsync(code, joiner.DeviceId, None)))), "4 completions");

            Assert.Single(completions, completion => completion.Status == SyncPairingStatus.Completed);
            Assert.Equal(3, completions.Count(completion => completion.Status == SyncPairingStatus.AlreadyUsed));
        }

        Assert.Equal(11, (await store.Sync.ListDevicesAsync(Alice, None)).Count);
    }

    [Theory]
    [BothEngines]
    public async Task Two_users_who_pair_with_each_other_at_once_both_come_to_an_end(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        for (var round = 0; round < 10; round++)
        {
            var one = await RegisterAsync(store, Alice, $"One {round}");
            var two = await RegisterAsync(store, Bob, $"Two {round}");
            var codes = (await pairings.InitiateAsync(Alice, one.DeviceId, None), await pairings.InitiateAsync(Bob, two.DeviceId, None));

            var completions = await WithinAsync(
                Task.WhenAll(
                    Task.Run(() => pairings.CompleteAsync(codes.Item1, two.DeviceId, None)),
                    Task.Run(() => pairings.CompleteAsync(codes.Item2, one.DeviceId, None))),
                "2 completions across");

            Assert.Contains(completions, completion => completion.Status == SyncPairingStatus.Completed);
        }
    }

    [Theory]
    [BothEngines]
    public async Task A_record_is_looked_up_once_and_is_not_readable_in_the_database(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        var laptop = Guid.NewGuid();
        var stored = await pairings.StoreAsync("123456", Alice, laptop, Record, None);

        Assert.Equal(SyncPairingStoreStatus.Stored, stored.Status);
        Assert.InRange(stored.ExpiresAt - store.Database.Now, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        var row = await store.Database.ReadAsync(
            "reading a row",
            session => session.QueryFirstAsync("SELECT code_hash, record FROM sync_pairings", row => row.Text(0) + row.Text(1)),
            None);
        Assert.DoesNotContain("123456", row, StringComparison.Ordinal);
        Assert.DoesNotContain("privateKey", Encoding.UTF8.GetString(Convert.FromBase64String(row![64..])), StringComparison.Ordinal);

        Assert.Null(await pairings.LookUpAsync("123457", None));
        Assert.Null(await store.CreateSyncPairings(new SyncPairingKeys(new byte[32])).LookUpAsync("123456", None));
        Assert.Equal(Record, await pairings.LookUpAsync("123456", None));
        Assert.Null(await pairings.LookUpAsync("123456", None));
        Assert.Equal(0, await CountAsync(store.Database, "sync_pairings"));
        Assert.Equal(["pairing.store", "pairing.lookup"], await SyncDirectoryTests.ActionsAsync(store));
    }

    [Theory]
    [BothEngines]
    public async Task Of_parallel_lookups_of_one_code_one_gets_the_record(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        for (var round = 0; round < 10; round++)
        {
            await pairings.StoreAsync("123456", Alice, Guid.NewGuid(), Record, None);

            var found = await WithinAsync(
                Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => pairings.LookUpAsync("123456", None)))), "8 lookups");

            Assert.Equal(Record, Assert.Single(found, record => record is not null));
        }
    }

    [Theory]
    [BothEngines]
    public async Task A_record_opens_only_under_its_own_code(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        await pairings.StoreAsync("111111", Alice, Guid.NewGuid(), Record, None);
        await pairings.StoreAsync("222222", Alice, Guid.NewGuid(), Encoding.UTF8.GetBytes("other"), None);
        var sealedRecord = await store.Database.ReadAsync(
            "reading a record",
            session => session.QueryFirstAsync("SELECT record FROM sync_pairings WHERE code_hash = $1", row => row.Text(0), Keys.Locate("111111")),
            None);
        await store.Database.WriteAsync(
            "moving a record",
            session => session.ExecuteAsync("UPDATE sync_pairings SET record = $1 WHERE code_hash = $2", sealedRecord, Keys.Locate("222222")),
            None);

        Assert.Null(await pairings.LookUpAsync("222222", None));
        Assert.Equal(Record, await pairings.LookUpAsync("111111", None));
    }

    [Theory]
    [BothEngines]
    public async Task A_new_code_of_a_device_ends_the_one_before_and_a_taken_one_does_not(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        var laptop = Guid.NewGuid();
        await pairings.StoreAsync("111111", Alice, laptop, Record, None);
        await pairings.StoreAsync("222222", Bob, Guid.NewGuid(), Record, None);

        Assert.Equal(SyncPairingStoreStatus.Taken, (await pairings.StoreAsync("222222", Alice, laptop, Record, None)).Status);
        Assert.Equal(SyncPairingStoreStatus.Stored, (await pairings.StoreAsync("111111", Alice, laptop, Record, None)).Status);
        Assert.Equal(SyncPairingStoreStatus.Stored, (await pairings.StoreAsync("333333", Alice, laptop, Record, None)).Status);
        Assert.Null(await pairings.LookUpAsync("111111", None));
        await pairings.InitiateAsync(Alice, laptop, None);
        Assert.Null(await pairings.LookUpAsync("333333", None));
        Assert.Equal(Record, await pairings.LookUpAsync("222222", None));
    }

    [Theory]
    [BothEngines]
    public async Task Parallel_stores_of_one_device_leave_one_code(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        var laptop = Guid.NewGuid();

        var stored = await WithinAsync(
            Task.WhenAll(Enumerable.Range(100_000, 10).Select(code => Task.Run(() => pairings.StoreAsync($"{code}", Alice, laptop, Record, None)))), "10 stores");

        Assert.All(stored, result => Assert.Equal(SyncPairingStoreStatus.Stored, result.Status));
        Assert.Equal(1, await CountAsync(store.Database, "sync_pairings"));
    }

    [Theory]
    [BothEngines]
    public async Task A_stored_record_also_lets_a_device_join_and_is_gone_then(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        var laptop = await RegisterAsync(store, Alice, "Laptop");
        var phone = await RegisterAsync(store, Bob, "Phone");
        await pairings.StoreAsync("111111", Alice, laptop.DeviceId, Record, None);

        Assert.Equal(Alice, (await pairings.CompleteAsync("111111", phone.DeviceId, None)).LinkedUserId);

        Assert.Null(await pairings.LookUpAsync("111111", None));
        Assert.Equal(1, await CountAsync(store.Database, "sync_pairings WHERE record IS NULL AND used = 1"));
        Assert.Equal(SyncPairingStoreStatus.Taken, (await pairings.StoreAsync("111111", Bob, Guid.NewGuid(), Record, None)).Status);
    }

    [Theory]
    [BothEngines]
    public async Task A_code_that_cannot_be_taken_says_why(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        var laptop = await RegisterAsync(store, Alice, "Laptop");
        var phone = await RegisterAsync(store, Bob, "Phone");
        Assert.Equal(SyncPairingStatus.NotFound, (await pairings.CompleteAsync("000000", phone.DeviceId, None)).Status);

        var code = await pairings.InitiateAsync(Alice, laptop.DeviceId, None);
        Assert.Equal(SyncPairingStatus.UnknownJoiner, (await pairings.CompleteAsync(code, Guid.NewGuid(), None)).Status);
        await AgeAsync(store);
        Assert.Equal(SyncPairingStatus.Expired, (await pairings.CompleteAsync(code, phone.DeviceId, None)).Status);
        Assert.Equal(Bob, (await store.Sync.FindDeviceAsync(phone.DeviceId, None))!.UserId);

        // An expired code is free for the next who needs one, and a used one once it has been told for long enough.
        await pairings.StoreAsync(code, Bob, phone.DeviceId, Record, None);
        await AgeAsync(store);
        Assert.Null(await pairings.LookUpAsync(code, None));
        Assert.Equal(1, await pairings.DeleteExpiredPairingsAsync(10, None));
        Assert.Equal(0, await pairings.DeleteExpiredPairingsAsync(10, None));

        code = await pairings.InitiateAsync(Alice, laptop.DeviceId, None);
        await pairings.CompleteAsync(code, phone.DeviceId, None);
        await AgeAsync(store);
        Assert.Equal(SyncPairingStatus.NotFound, (await pairings.CompleteAsync(code, phone.DeviceId, None)).Status);
    }

    [Theory]
    [BothEngines]
    public async Task A_device_that_was_removed_can_no_longer_invite(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        var laptop = await RegisterAsync(store, Alice, "Laptop");
        var tablet = await RegisterAsync(store, Alice, "Tablet");
        var phone = await RegisterAsync(store, Bob, "Phone");
        var code = await pairings.InitiateAsync(Alice, laptop.DeviceId, None);
        var other = await pairings.InitiateAsync(Alice, tablet.DeviceId, None);

        await store.Sync.RemoveAsync(Alice, laptop.DeviceId, null, None);
        await store.Sync.RevokeAsync(tablet.DeviceId, Alice, null, null, None);

        Assert.Equal(SyncPairingStatus.NotFound, (await pairings.CompleteAsync(code, phone.DeviceId, None)).Status);
        Assert.Equal(SyncPairingStatus.NotFound, (await pairings.CompleteAsync(other, phone.DeviceId, None)).Status);
    }

    [Theory]
    [BothEngines]
    public async Task A_code_in_use_is_never_given_out_again(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var codes = new Queue<string>(["111111", "111111", "111111", "222222"]);
        var pairings = new SyncPairings(store.Database, Keys, codes.Dequeue);
        var laptop = await RegisterAsync(store, Alice, "Laptop");
        var phone = await RegisterAsync(store, Bob, "Phone");

        Assert.Equal("111111", await pairings.InitiateAsync(Alice, laptop.DeviceId, None));
        Assert.Equal("222222", await pairings.InitiateAsync(Bob, phone.DeviceId, None));
        await Assert.ThrowsAsync<ConstraintViolationException>(() => store.CreateSyncPairings(Keys).InitiateAsync(new string('c', 64), Guid.NewGuid(), None));

        var endless = new SyncPairings(store.Database, Keys, static () => "222222");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => endless.InitiateAsync(Alice, laptop.DeviceId, None));
    }

    [Theory]
    [BothEngines]
    public async Task What_is_no_code_or_no_record_is_refused(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var pairings = store.CreateSyncPairings(Keys);
        foreach (var code in (string[])[string.Empty, "12345", "1234567", "12345a", "\u0661\u0662\u0663\u0664\u0665\u0666"])
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => pairings.LookUpAsync(code, None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => pairings.CompleteAsync(code, Guid.NewGuid(), None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => pairings.StoreAsync(code, Alice, Guid.NewGuid(), Record, None));
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(() => pairings.StoreAsync("123456", Alice, Guid.NewGuid(), default, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => pairings.StoreAsync("123456", Alice, Guid.NewGuid(), new byte[65_537], None));
        Assert.Throws<ArgumentException>(static () => new SyncPairingKeys(new byte[31]));
    }

    [Fact]
    public void Codes_are_six_digits_and_use_the_whole_range()
    {
        var codes = Enumerable.Range(0, 5_000).Select(static _ => SyncPairings.GenerateCode()).ToList();

        Assert.All(codes, static code => Assert.Matches("^[0-9]{6}$", code));
        for (var place = 0; place < 6; place++)
        {
            Assert.Equal(10, codes.Select(code => code[place]).Distinct().Count());
        }
    }

    private static Task<SyncDevice> RegisterAsync(DataStore store, string identity, string name) =>
        SyncDirectoryTests.LogInAsync(store, Guid.NewGuid(), identity, name);

    private static Task<int> AgeAsync(DataStore store)
    {
        var past = store.Database.Now.AddMinutes(-1);
        return store.Database.WriteAsync("ageing codes", session => session.ExecuteAsync("UPDATE sync_pairings SET expires_at = $1", past), None);
    }
}
