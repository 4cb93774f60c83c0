using PeerSync.Kernel;
using PeerSync.Protocol.Sharing;

namespace PeerSync.Actors.Sharing;

/// <content>Presence: somebody is there who has a connection by name, or had one a moment ago. Team mates are told.</content>
public sealed partial class SharingFeedActor
{
    private bool IsOnline(string userId) => _users.ContainsKey(userId);

    private void Announce(string userId) => FindMates(userId, mates => new ChangeWanted(userId, mates));

    private void FindMates(string userId, Func<IReadOnlyList<string>, object> found, Func<Exception, object>? failed = null) =>
        feed.ListMatesAsync(userId, CancellationToken.None)
            .PipeTo(Self, success: found, failure: failed ?? (static exception => new MatesNotFound(exception.Message)));

    private void OnUserGone(string userId)
    {
        if (_users.TryGetValue(userId, out var user) && user.Count == 0)
        {
            _users.Remove(userId);
            Announce(userId);
        }
    }

    private bool OnPresence(object message)
    {
        switch (message)
        {
            case ChangeWanted change:
                TellChange(change);
                return true;
            case SnapshotWanted wanted:
                var frame = FeedFrames.Wrap(
                    wanted.Subscription.Kind, id: null, output => SharingFeedWriter.Snapshot(output, wanted.Mates.Where(IsOnline)));
                wanted.Subscription.Listener.Tell(new FeedFrame(0, frame), Self);
                return true;
            case PresenceWanted wanted:
                wanted.Asker.Tell(new FeedPresence([.. wanted.Mates.Where(IsOnline)]), Self);
                return true;
            case PresenceUnknown failed:
                failed.Asker.Tell(new Status.Failure(failed.Cause), Self);
                return true;
            case MatesNotFound failed:
                Context.GetLogger().Warning("Who shares a team could not be found out: {0}", failed.Reason);
                return true;
            default:
                return false;
        }
    }

    private void TellChange(ChangeWanted change)
    {
        // As it is by now: two changes may have overtaken each other on their way through the database.
        var text = SharingEventWriter.PresenceChanged(change.UserId, IsOnline(change.UserId)).ToText();
        _frames.Begin(0, text);
        foreach (var mate in change.Mates)
        {
            if (_users.TryGetValue(mate, out var user))
            {
                Send(user);
            }
        }

        _frames.End();
    }

    private sealed record UserGone(string UserId);

    private sealed record ChangeWanted(string UserId, IReadOnlyList<string> Mates);

    private sealed record SnapshotWanted(FeedSubscription Subscription, IReadOnlyList<string> Mates);

    private sealed record PresenceWanted(IActorRef Asker, IReadOnlyList<string> Mates);

    private sealed record PresenceUnknown(IActorRef Asker, Exception Cause);

    private sealed record MatesNotFound(string Reason);
}
