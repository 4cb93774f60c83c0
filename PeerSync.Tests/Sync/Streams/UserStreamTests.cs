using PeerSync.Actors.Sync;
using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync.Streams;

/// <summary>A user's stream on a real database: what it does when the journal fails, waits, or is cleared.</summary>
public sealed class UserStreamTests
{
    private readonly UserId _user = StreamWorld.NewUser();

    private string PersistenceId => SyncJournal.PersistenceId(_user);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AfterAFailedWriteNothingIsAcknowledgedAndAllComeBack(bool isWritten)
    {
        await using var world = await StreamWorld.StartAsync();
        var laptop = await world.LogInAsync(_user);
        var phone = await world.LogInAsync(_user);
        laptop.Send(1);
        await laptop.AckedAsync(1);
        await phone.DeliveredAsync(1);
        world.Journal.FailNext(PersistenceId, isWritten);
        var id = Guid.CreateVersion7();
        laptop.Send(2, id);
        await laptop.EndedAsync();
        await phone.EndedAsync();
        Assert.Equal((SyncClose.ProcessingFailed, SyncClose.ProcessingFailed), (laptop.End!.Value, phone.End!.Value));
        Assert.Equal([1], laptop.Acks);
        Assert.Single(phone.Delivered);
        Assert.Equal(1, world.Counters.StreamFaults);
        Assert.Equal(isWritten ? 2 : 1, (await world.ReadEventsAsync(_user)).Count);

        var again = await world.LogInAsync(_user, laptop.DeviceId);
        Assert.Equal(isWritten ? 2 : 1, again.Granted!.Admitted.LastDeviceSeq);
        again.Send(2, id);
        await again.AckedAsync(2);
        Assert.Equal([1L, 2L], (await world.ReadEventsAsync(_user)).Select(static stored => stored.StreamSeq));
        Assert.Equal((1, 1), (world.Counters.DevicesOnline, world.Counters.UsersOnline));
    }

    [Fact]
    public async Task AnswersWaitForAllEarlierWrites()
    {
        await using var world = await StreamWorld.StartAsync();
        var laptop = await world.LogInAsync(_user);
        var phone = await world.LogInAsync(_user);
        var known = Guid.CreateVersion7();
        laptop.Send(5, known);
        await laptop.AckedAsync(5);
        await phone.DeliveredAsync(1);

        world.Journal.Hold(PersistenceId);
        laptop.Send(6);
        await world.Journal.HeldAsync(PersistenceId);
        laptop.Send(5, known);
        laptop.Send(7, known);
        laptop.Send(5);
        laptop.Send(new StreamSocket.SentEvent(Guid.CreateVersion7(), 8, "clipboard:main", IsSkipped: true));
        laptop.Send(3);
        await world.OnlineAsync(_user);
        Assert.Equal([5], laptop.Acks);
        Assert.Single(phone.Delivered);
        world.Journal.Release(PersistenceId);
        await laptop.AckedAsync(5, 6, 5, 7, 5, 8, 3);
        await phone.DeliveredAsync(3);
        Assert.Equal((3, 1), (world.Counters.EventsDuplicate, world.Counters.EventsDropped));
        Assert.Equal([5L, 6L, 3L], (await world.ReadEventsAsync(_user)).Select(static stored => stored.DeviceSeq));
    }

    [Fact]
    public async Task ALoginIsToldOfNoNumberBeforeItIsDurable()
    {
        await using var world = await StreamWorld.StartAsync();
        var first = await world.LogInAsync(_user);
        world.Journal.Hold(PersistenceId);
        world.Journal.FailNext(PersistenceId, isWritten: false);
        first.Send(9);
        await world.Journal.HeldAsync(PersistenceId);
        var second = world.Connect(_user, first.DeviceId);
        await world.OnlineAsync(_user);
        world.Journal.Release(PersistenceId);
        await first.EndedAsync();

        // It may also have come too late for the stream that failed, and is then let in by the next one.
        await second.GrantedAsync();
        Assert.True(second.Granted is { Admitted.LastDeviceSeq: 0 } || second.End == SyncClose.ProcessingFailed);
        Assert.Equal(0, (await world.LogInAsync(_user, first.DeviceId)).Granted!.Admitted.LastDeviceSeq);
    }

    [Fact]
    public async Task ADuplicateIsKnownAfterTheStreamWasPassivated()
    {
        await using var world = await StreamWorld.StartAsync();
        var first = await world.LogInAsync(_user);
        var id = Guid.CreateVersion7();
        first.Send(4, id);
        await first.AckedAsync(4);
        first.Detach();
        var sharding = ClusterSharding.Get(world.System);
        await Eventually.TrueAsync(
            () => sharding.EntityCount("sync-user") == 0 && sharding.EntityCount("sync-device") == 0, static () => "the entities' end");
        var phone = await world.LogInAsync(_user);
        var second = await world.LogInAsync(_user, first.DeviceId);
        Assert.Equal(4, second.Granted!.Admitted.LastDeviceSeq);
        second.Send(4);
        second.Send(5, id);
        second.Send(6);
        await second.AckedAsync(4, 5, 6);
        await phone.DeliveredAsync(1);
        Assert.Equal([1L, 2L], (await world.ReadEventsAsync(_user)).Select(static stored => stored.StreamSeq));
    }

    [Fact]
    public async Task ASnapshotUnderLoadHoldsNoEventThatIsNotWritten()
    {
        await using var world = await StreamWorld.StartAsync(new SyncSettings { SnapshotInterval = 5, EventBurst = 0 });
        var laptop = await world.LogInAsync(_user);
        var ids = Enumerable.Range(0, 12).Select(static _ => Guid.CreateVersion7()).ToArray();
        world.Journal.Hold(PersistenceId);
        for (var i = 0; i < ids.Length; i++)
        {
            laptop.Send(i + 1, ids[i]);
        }

        // The first event alone, then those that came behind it up to the snapshot's turn: the snapshot waits for these.
        await world.Journal.HeldAsync(PersistenceId);
        Assert.Null(await LoadSnapshotAsync(world));
        world.Journal.Release(PersistenceId);
        await laptop.AckedAsync([.. Enumerable.Range(1, ids.Length).Select(static i => (long)i)]);
        SelectedSnapshot? snapshot = null;
        await Eventually.TrueAsync(() => (snapshot = LoadSnapshotAsync(world).GetAwaiter().GetResult()) is not null, static () => "a snapshot");
        var state = ((SyncUserSnapshot)snapshot!.Snapshot).Restore();
        Assert.Equal(snapshot.Metadata.SequenceNr, state.Events.Count);
        Assert.Equal(ids.Take(state.Events.Count).Order(), state.Events.Keys.Order());
        Assert.Equal(state.Events.Count, state.LastDeviceSeq(laptop.DeviceId.Value));
        Assert.Equal(ids, (await world.ReadEventsAsync(_user)).Select(static stored => stored.EventId));
    }

    [Fact]
    public async Task BeforeEventsAreDeletedWhatTheySayIsKept()
    {
        await using var world = await StreamWorld.StartAsync();
        var laptop = await world.LogInAsync(_user);
        var ids = Enumerable.Range(0, 3).Select(static _ => Guid.CreateVersion7()).ToArray();
        for (var i = 0; i < ids.Length; i++)
        {
            laptop.Send(i + 1, ids[i]);
        }

        await laptop.AckedAsync(1, 2, 3);
        Assert.False((await world.AskUserAsync<DeletionPrepared>(new PrepareDeletion(_user, 4, Forget: true))).Ready);
        Assert.True((await world.AskUserAsync<DeletionPrepared>(new PrepareDeletion(_user, 2, Forget: true))).Ready);
        await world.Journal.DeleteMessagesToAsync(PersistenceId, 2, CancellationToken.None);
        laptop.Detach();
        await Eventually.TrueAsync(() => ClusterSharding.Get(world.System).EntityCount("sync-user") == 0, static () => "the stream's end");

        // The numbers are known still, and that of the last event's id; the other ids are new again.
        var again = await world.LogInAsync(_user, laptop.DeviceId);
        Assert.Equal((3, 3), (again.Granted!.Admitted.LastDeviceSeq, again.Granted.Admitted.Position));
        again.Send(1);
        again.Send(4, ids[2]);
        again.Send(5, ids[0]);
        await again.AckedAsync(1, 4, 5);
        Assert.Equal([(3L, 3L), (5L, 4L)], (await world.ReadEventsAsync(_user)).Select(static stored => (stored.DeviceSeq, stored.StreamSeq)));
    }

    [Fact]
    public async Task AUserWhoIsErasedTwiceAtOnceIsAnsweredTwiceAndCanBeginAnew()
    {
        await using var world = await StreamWorld.StartAsync(new SyncSettings { SnapshotInterval = 2 });
        var laptop = await world.LogInAsync(_user);
        var phone = await world.LogInAsync(_user);
        for (var i = 1; i <= 5; i++)
        {
            laptop.Send(i);
        }

        await laptop.AckedAsync(1, 2, 3, 4, 5);
        var first = world.AskUserAsync<UserErased>(new EraseUser(_user));
        var second = world.AskUserAsync<UserErased>(new EraseUser(_user));
        Assert.Equal(5, (await first).Events);
        Assert.InRange((await second).Events, 0, 5);
        await phone.EndedAsync();
        Assert.Empty(await world.ReadAsync(_user));
        await Eventually.TrueAsync(() => ClusterSharding.Get(world.System).EntityCount("sync-user") == 0, static () => "the stream's end");
        Assert.Null(await LoadSnapshotAsync(world));

        var again = await world.LogInAsync(_user, laptop.DeviceId);
        again.Send(1);
        await again.AckedAsync(1);
        Assert.Equal(1, Assert.Single(await world.ReadEventsAsync(_user)).StreamSeq);
    }

    [Fact]
    public async Task AUserIsErasedBehindTheSnapshotThatIsBeingSaved()
    {
        await using var world = await StreamWorld.StartAsync();
        var laptop = await world.LogInAsync(_user);
        laptop.Send(1);
        await laptop.AckedAsync(1);
        for (var round = 0; round < 20; round++)
        {
            // Both are asked for at once, so that the deletion comes while the snapshot is saved.
            var prepared = world.AskUserAsync<DeletionPrepared>(new PrepareDeletion(_user, 1, Forget: true));
            var erased = world.AskUserAsync<UserErased>(new EraseUser(_user));
            await prepared;
            Assert.Equal(1, (await erased).Events);
            Assert.Null(await LoadSnapshotAsync(world));
            await Eventually.TrueAsync(() => ClusterSharding.Get(world.System).EntityCount("sync-user") == 0, static () => "the stream's end");
            laptop = await world.LogInAsync(_user, laptop.DeviceId);
            laptop.Send(1);
            await laptop.AckedAsync(1);
        }
    }

    [Fact]
    public async Task WhoAsksForTheDeletionHearsOfAStreamThatFailsBeforeIt()
    {
        await using var world = await StreamWorld.StartAsync();
        var laptop = await world.LogInAsync(_user);
        world.Journal.Hold(PersistenceId);
        world.Journal.FailNext(PersistenceId, isWritten: true);
        laptop.Send(1);
        await world.Journal.HeldAsync(PersistenceId);
        var erased = world.AskUserAsync<UserErased>(new EraseUser(_user));
        await laptop.EndedAsync();
        world.Journal.Release(PersistenceId);
        Assert.Equal(-1, (await erased).Events);
        Assert.Equal(1, (await world.AskUserAsync<UserErased>(new EraseUser(_user))).Events);
    }

    [Fact]
    public async Task AboveTheBudgetSendersAreAskedToPauseAndNothingIsRefused()
    {
        await using var world = await StreamWorld.StartAsync(new SyncSettings { EventBurst = 2, EventsPerMinute = 60 });
        var laptop = await world.LogInAsync(_user);
        for (var i = 1; i <= 4; i++)
        {
            laptop.Send(i);
        }

        await laptop.AckedAsync(1, 2, 3, 4);
        Assert.Equal([0.0, 0.0, 1.0, 2.0], laptop.Accepted.Select(static accepted => Math.Round(accepted.Pause.TotalSeconds, 3)));
        Assert.Equal(2, world.Counters.Pauses);
        world.Time.Advance(TimeSpan.FromSeconds(3));
        laptop.Send(5);
        await laptop.AckedAsync(1, 2, 3, 4, 5);
        Assert.Equal(TimeSpan.Zero, laptop.Accepted[^1].Pause);
    }

    [Fact]
    public async Task AnEventOfASocketThatWasReplacedIsRefused()
    {
        await using var world = await StreamWorld.StartAsync();
        var old = await world.LogInAsync(_user);
        var current = await world.LogInAsync(_user, old.DeviceId);
        await old.EndedAsync();
        Assert.Equal(SyncClose.Superseded, old.End);
        old.Send(1);
        current.Send(1);
        await current.AckedAsync(1);
        Assert.Empty(old.Acks);
        Assert.Single(await world.ReadEventsAsync(_user));
    }

    private Task<SelectedSnapshot?> LoadSnapshotAsync(StreamWorld world) =>
        world.Snapshots.LoadAsync(PersistenceId, SnapshotSelectionCriteria.Latest, CancellationToken.None);
}
