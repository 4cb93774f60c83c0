using PeerSync.Actors.Sync;

namespace PeerSync.Tests.Sync;

public sealed class SyncUserStateTests
{
    private static readonly Guid A = Guid.NewGuid();
    private static readonly Guid B = Guid.NewGuid();

    [Fact]
    public void AnEventIsKnownByItsIdAndByItsDevicesNumber()
    {
        var state = new SyncUserState();
        var id = Guid.CreateVersion7();
        state.Add(1, id, A, 7, "s", 1);
        Assert.True(state.IsKnown(id, B, 99));
        Assert.True(state.IsKnown(Guid.CreateVersion7(), A, 7));
        Assert.False(state.IsKnown(Guid.CreateVersion7(), B, 7));
        Assert.False(state.IsKnown(Guid.CreateVersion7(), A, 6));
        Assert.Equal((7, 0), (state.LastDeviceSeq(A), state.LastDeviceSeq(B)));
    }

    [Fact]
    public void EachStreamCountsByItself()
    {
        var state = new SyncUserState();
        Assert.Equal((1, 1, 2), (state.NextStreamSeq("x"), state.NextStreamSeq("y"), state.NextStreamSeq("x")));

        // What was given out in advance stays given out when the event comes back from the journal.
        state.Add(1, Guid.CreateVersion7(), A, 1, "x", 1);
        Assert.Equal(3, state.NextStreamSeq("x"));
        state.Add(2, Guid.CreateVersion7(), A, 2, "z", 40);
        Assert.Equal(41, state.NextStreamSeq("z"));
    }

    [Fact]
    public void TheLastForeignEventIsThatOfAnyOtherDevice()
    {
        var state = new SyncUserState();
        Assert.Equal(0, state.LastForeign(A));
        state.Add(1, Guid.CreateVersion7(), A, 1, "s", 1);
        Assert.Equal((0, 1), (state.LastForeign(A), state.LastForeign(B)));
        state.Add(2, Guid.CreateVersion7(), B, 1, "s", 2);
        state.Add(3, Guid.CreateVersion7(), A, 2, "s", 3);
        Assert.Equal((2, 3, 3), (state.LastForeign(A), state.LastForeign(B), state.LastForeign(Guid.NewGuid())));
    }

    [Fact]
    public void ADeviceThatJoinsCountsFromTheBeginningAndItsEventsStayKnown()
    {
        var state = new SyncUserState();
        var id = Guid.CreateVersion7();
        state.Add(1, id, A, 5, "s", 1);
        state.Reset(A);
        Assert.Equal(0, state.LastDeviceSeq(A));
        Assert.False(state.IsKnown(Guid.CreateVersion7(), A, 5));
        Assert.True(state.IsKnown(id, A, 1));
        Assert.Equal(1, state.LastForeign(B));
    }

    [Fact]
    public void DeletedEventsAreForgottenByIdOnly()
    {
        var state = new SyncUserState();
        Guid[] ids = [.. Enumerable.Range(0, 5).Select(static _ => Guid.CreateVersion7())];
        for (var i = 0; i < ids.Length; i++)
        {
            state.Add(i + 1, ids[i], A, i + 1, "s", i + 1);
        }

        state.Forget(3);
        Assert.Equal(ids[3..].Order(), state.Events.Keys.Order());
        Assert.False(state.IsKnown(ids[0], B, 1));
        Assert.True(state.IsKnown(ids[0], A, 1));
        Assert.Equal(6, state.NextStreamSeq("s"));
        Assert.Equal(5, state.LastDeviceSeq(A));
    }
}
