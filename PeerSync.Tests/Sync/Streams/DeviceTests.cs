using PeerSync.Actors.Sync;
using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync.Streams;

/// <summary>Devices with their users' streams: places, replacement, revocation, pairing.</summary>
public sealed class DeviceTests
{
    private readonly UserId _user = StreamWorld.NewUser();

    [Fact]
    public async Task AUserHasFivePlacesAndADeviceThatComesBackKeepsItsOwn()
    {
        await using var world = await StreamWorld.StartAsync();
        var sockets = new List<StreamSocket>();
        for (var i = 0; i < 5; i++)
        {
            sockets.Add(await world.LogInAsync(_user));
        }

        var sixth = world.Connect(_user);
        await sixth.EndedAsync();
        Assert.Equal(SyncClose.ForTooManyDevices(5), sixth.End);
        var back = await world.LogInAsync(_user, sockets[2].DeviceId);
        await sockets[2].EndedAsync();
        Assert.Equal(SyncClose.Superseded, sockets[2].End);
        Assert.Equal(5, world.Counters.DevicesOnline);
        back.Detach();
        await sockets[0].NoticedAsync("\"is_online\":false");
        await world.LogInAsync(_user);
    }

    [Fact]
    public async Task TheLateEndOfAnOldSocketChangesNothing()
    {
        await using var world = await StreamWorld.StartAsync();
        var observer = await world.LogInAsync(_user);
        var old = await world.LogInAsync(_user);
        var current = await world.LogInAsync(_user, old.DeviceId);
        await old.EndedAsync();
        old.Detach();
        observer.Send(1);
        await current.DeliveredAsync(1);
        Assert.Contains(current.DeviceId.Value, await world.OnlineAsync(_user));
        await world.BarrierAsync(_user, observer, current);
        Assert.DoesNotContain(observer.Notices, static notice => notice.Contains("\"is_online\":false", StringComparison.Ordinal));
        current.Detach();
        await observer.NoticedAsync("\"is_online\":false");
    }

    [Fact]
    public async Task ARevokedDeviceLosesItsSocketAndDoesNotComeBackUntilItIsTakenOffTheList()
    {
        await using var world = await StreamWorld.StartAsync();
        var observer = await world.LogInAsync(_user);
        var device = await world.LogInAsync(_user);
        await world.Store.Sync.RevokeAsync(device.DeviceId.Value, _user.Value, null, null, CancellationToken.None);
        world.Regions.Devices.Tell(new DisconnectDevice(device.DeviceId, SyncDisconnect.Revoked), ActorRefs.NoSender);
        await device.EndedAsync();
        Assert.Equal(SyncClose.DeviceRevoked, device.End);
        Assert.Contains(device.Notices, static notice => notice.Contains("device_revoked", StringComparison.Ordinal));
        await observer.NoticedAsync("\"is_online\":false");
        var refused = world.Connect(_user, device.DeviceId);
        await refused.EndedAsync();
        Assert.Equal(SyncClose.DeviceRevoked, refused.End);
        Assert.True(await world.Store.Sync.UnrevokeAsync(device.DeviceId.Value, CancellationToken.None));
        await world.LogInAsync(_user, device.DeviceId);
    }

    [Fact]
    public async Task ARevocationThatComesDuringALoginEndsIt()
    {
        await using var world = await StreamWorld.StartAsync();
        var first = await world.LogInAsync(_user);
        var persistenceId = SyncJournal.PersistenceId(_user);
        world.Journal.Hold(persistenceId);
        first.Send(1);
        await world.Journal.HeldAsync(persistenceId);
        var device = world.Connect(_user);
        world.Regions.Devices.Tell(new DisconnectDevice(device.DeviceId, SyncDisconnect.Removed), ActorRefs.NoSender);
        await world.OnlineAsync(_user);
        Assert.Null(device.End);
        world.Journal.Release(persistenceId);
        await device.EndedAsync();
        Assert.NotNull(device.Granted);
        Assert.Equal(SyncClose.DeviceRemoved, device.End);
        Assert.Contains(device.Notices, static notice => notice.Contains(SyncWriter.RemovedByUser, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AForeignIdentityDoesNotGetADevice()
    {
        await using var world = await StreamWorld.StartAsync();
        var device = await world.LogInAsync(_user);
        var thief = world.Connect(StreamWorld.NewUser(), device.DeviceId);
        await thief.EndedAsync();
        Assert.Equal(SyncClose.DeviceBelongsToAnotherUser, thief.End);
        Assert.True(device.IsLive);
    }

    [Fact]
    public async Task APairedDeviceCountsFromOneAndHearsOfItsNewUserOnly()
    {
        await using var world = await StreamWorld.StartAsync();
        var bob = StreamWorld.NewUser();
        var alices = await world.LogInAsync(_user);
        var bobs = await world.LogInAsync(bob);
        var joiner = await world.LogInAsync(bob);
        joiner.Send(1);
        joiner.Send(2);
        await joiner.AckedAsync(1, 2);
        await bobs.DeliveredAsync(2);

        var code = await world.Pairings.InitiateAsync(_user.Value, alices.DeviceId.Value, CancellationToken.None);
        joiner.Pair(code);
        await joiner.UntilAsync(() => joiner.Paired is not null, "the end of the pairing");
        Assert.Equal((SyncPairingStatus.Completed, _user), (joiner.Paired!.Status, joiner.Paired.LinkedUser));
        Assert.Equal((0, 1), (joiner.Paired.Granted!.Admitted.LastDeviceSeq, joiner.Paired.Granted.Admitted.Position));
        await alices.NoticedAsync("device_paired");
        await bobs.NoticedAsync("\"is_online\":false");

        // A number that it used before is new here, also after a restart of the stream.
        joiner.Send(1);
        await joiner.AckedAsync(1, 2, 1);
        await alices.DeliveredAsync(1);
        bobs.Send(1);
        await bobs.AckedAsync(1);
        alices.Send(1);
        await joiner.DeliveredAsync(1);
        Assert.Single(await world.OnlineAsync(bob));
        Assert.Equal([1L, 2L], (await world.ReadEventsAsync(_user)).Select(static stored => stored.StreamSeq));

        joiner.Detach();
        var again = await world.LogInAsync(bob, joiner.DeviceId);
        Assert.Equal((_user, 1L), (again.UserId, again.Granted!.Admitted.LastDeviceSeq));
    }

    [Fact]
    public async Task TheOwnCodeChangesNothing()
    {
        await using var world = await StreamWorld.StartAsync();
        var first = await world.LogInAsync(_user);
        var second = await world.LogInAsync(_user);
        second.Send(1);
        await second.AckedAsync(1);
        second.Pair(await world.Pairings.InitiateAsync(_user.Value, first.DeviceId.Value, CancellationToken.None));
        await second.UntilAsync(() => second.Paired is not null, "the end of the pairing");
        Assert.Equal((SyncPairingStatus.Completed, null), (second.Paired!.Status, second.Paired.Granted));
        await first.NoticedAsync("device_paired");
        second.Send(1);
        await second.AckedAsync(1, 1);
        await first.DeliveredAsync(1);
    }

    [Fact]
    public async Task OneUsersFailingStreamLeavesOthersAlone()
    {
        await using var world = await StreamWorld.StartAsync();
        var failing = await world.LogInAsync(_user);
        var other = await world.LogInAsync(StreamWorld.NewUser());
        world.Journal.FailNext(SyncJournal.PersistenceId(_user), isWritten: false);
        failing.Send(1);
        await failing.EndedAsync();
        other.Send(1);
        await other.AckedAsync(1);
        world.Regions.Devices.Tell(new StreamLost(other.DeviceId, _user), ActorRefs.NoSender);
        other.Send(2);
        await other.AckedAsync(1, 2);
        await world.OnlineAsync(other.UserId);
        Assert.True(other.IsLive);
    }

    [Fact]
    public async Task ALoginWithoutAnAnswerOfItsUserEndsInTime()
    {
        await using var world = await StreamWorld.StartAsync();
        var first = await world.LogInAsync(_user);
        var persistenceId = SyncJournal.PersistenceId(_user);
        world.Journal.Hold(persistenceId);
        first.Send(1);
        await world.Journal.HeldAsync(persistenceId);
        var second = world.Connect(_user);
        await Eventually.TrueAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromSeconds(30));
                return second.End is not null;
            },
            static () => "the end of the login");
        Assert.Equal(SyncClose.ProcessingFailed, second.End);
        world.Journal.Release(persistenceId);
        await first.AckedAsync(1);
        await world.BarrierAsync(_user, first);
        Assert.Equal([first.DeviceId.Value], await world.OnlineAsync(_user));
    }

    [Fact]
    public async Task ADatabaseThatIsAwayRefusesLogins()
    {
        await using var world = await StreamWorld.StartAsync();
        var device = await world.LogInAsync(_user);
        await world.Store.DisposeAsync();
        var other = world.Connect(_user);
        await other.EndedAsync();
        Assert.Equal(SyncClose.ProcessingFailed, other.End);
        Assert.Null(other.Granted);
        Assert.True(device.IsLive);
    }
}
