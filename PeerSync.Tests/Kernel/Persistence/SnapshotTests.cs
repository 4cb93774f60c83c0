using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

public sealed class SnapshotTests : PersistenceTestKit
{
    [Fact]
    public async Task ASnapshotIsSavedAndEventsUpToItCanBeDeleted()
    {
        var actor = Start();
        Do(actor, a => a.PersistEach("one", "two", "three"));
        Do(actor, a => a.SaveSnapshot(a.Events.ToArray()));
        foreach (var expected in new[] { "one", "two", "three" })
        {
            await ExpectMsgAsync(expected);
        }

        var saved = await ExpectMsgAsync<SaveSnapshotSuccess>();
        Assert.Equal(new SnapshotMetadata("a", 3, Time.GetUtcNow().UtcDateTime), saved.Metadata);
        Do(actor, a => a.DeleteMessages(2));
        await ExpectMsgAsync(new DeleteMessagesSuccess(2));
        Assert.Equal(["three"], Journal.PayloadsOf("a"));
        Do(actor, a => a.DeleteMessages(long.MaxValue));
        await ExpectMsgAsync(new DeleteMessagesSuccess(long.MaxValue));
        Assert.Empty(Journal.PayloadsOf("a"));
        Do(actor, a => a.PersistEach("four"));
        await ExpectMsgAsync("four");
        var state = await StateOf(Start());
        Assert.Equal(["one", "two", "three", "four"], state.Events);
        Assert.Equal(4, state.LastSequenceNr);
    }

    [Fact]
    public async Task EventsThatThereAreNotCannotBeDeleted()
    {
        var actor = Start();
        Do(actor, a => a.DeleteMessages(1));
        var failure = await ExpectMsgAsync<DeleteMessagesFailure>();
        Assert.Equal(1, failure.ToSequenceNr);
        Assert.IsType<ArgumentException>(failure.Cause);
    }

    [Fact]
    public async Task SnapshotsAreDeletedByNumberAndByCriteria()
    {
        var actor = Start();
        for (var i = 1; i <= 5; i++)
        {
            Do(actor, a => a.PersistEach(i));
            await ExpectMsgAsync(i);
            Do(actor, a => a.SaveSnapshot(a.Events.ToArray()));
            await ExpectMsgAsync<SaveSnapshotSuccess>();
        }

        Do(actor, a => a.DeleteSnapshot(4));
        Assert.Equal(4, (await ExpectMsgAsync<DeleteSnapshotSuccess>()).Metadata.SequenceNr);
        Assert.Equal([1L, 2, 3, 5], Snapshots.Snapshots.Select(s => s.Metadata.SequenceNr));
        var criteria = new SnapshotSelectionCriteria(3, DateTime.MaxValue, 2);
        Do(actor, a => a.DeleteSnapshots(criteria));
        await ExpectMsgAsync(new DeleteSnapshotsSuccess(criteria));
        Assert.Equal([1L, 5], Snapshots.Snapshots.Select(s => s.Metadata.SequenceNr));
    }

    [Fact]
    public async Task FailuresAreToldAndTheActorGoesOn()
    {
        var cause = new JournalUnavailableException("The disk is full.", null);
        var actor = Start();
        await StateOf(actor);
        Snapshots.Failure = cause;
        Do(actor, a => a.SaveSnapshot(Array.Empty<object>()));
        Assert.Same(cause, (await ExpectMsgAsync<SaveSnapshotFailure>()).Cause);
        Do(actor, a => a.DeleteSnapshot(1));
        Assert.Same(cause, (await ExpectMsgAsync<DeleteSnapshotFailure>()).Cause);
        Do(actor, a => a.DeleteSnapshots(SnapshotSelectionCriteria.Latest));
        await ExpectMsgAsync(new DeleteSnapshotsFailure(SnapshotSelectionCriteria.Latest, cause));
        Do(actor, a => a.PersistEach("one"));
        await ExpectMsgAsync("one");
    }
}
