using PeerSync.Actors.Sessions;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Storage.Peers;

namespace PeerSync.Actors.Peers;

/// <summary>
/// One user, whatever socket it is on: its one connection, how it appears, its network, its open requests and sessions. Others address the user,
/// never a socket, so that a late event of an old socket cannot touch a newer one.
/// </summary>
/// <remarks>Exists while the user is connected or somebody waits for it, and is passivated otherwise.</remarks>
public sealed partial class PeerActor : UntypedActor, IWithTimers
{
    private readonly PeersRegions _regions;
    private readonly PeersSettings _settings;
    private readonly IPeerDirectory _directory;
    private readonly PeersCounters _counters;

    private UserId _userId;
    private IActorRef? _connection;
    private ConnectionId _connectionId;
    private string _addressTag = string.Empty;
    private NetworkId? _network;
    private int _membershipVersion;
    private bool _changedWhileLoading;
    private PeerProfile? _profile;
    private PeerStatus _status;
    private bool _registered;

    // Where the user stands in a roster. Differs from the network between a supersession and the new registration, or its failure to come.
    private NetworkId? _announcedIn;

    /// <param name="regions">Where the other entities are reached.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="directory">Users and memberships.</param>
    /// <param name="counters">What the metrics read.</param>
    public PeerActor(PeersRegions regions, PeersSettings settings, IPeerDirectory directory, PeersCounters counters)
    {
        _regions = regions;
        _settings = settings;
        _directory = directory;
        _counters = counters;
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    // Users without a network share a roster only where the setting says so.
    private NetworkId? VisibleIn => _network ?? (_settings.SharePresenceWithoutNetwork ? new NetworkId("none") : null);

    private bool IsIdle => _connection is null && IsUnneeded;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayMessage relay:
                Relay(relay);
                return;
            case DeliverFrame deliver:
                SendFrame(deliver.Frame);
                break;
            case AttachConnection attach:
                Attach(attach);
                break;
            case MembershipLoaded loaded:
                OnMembershipLoaded(loaded);
                break;
            case DetachConnection detach when IsCurrent(detach.ConnectionId):
                Detach();
                break;
            case RegisterPeer register when IsCurrent(register.ConnectionId):
                Register(register.Profile);
                break;
            case RegistrationOverdue:
                LeaveRoster(moved: false);
                break;
            case ChangeStatus change when IsCurrent(change.ConnectionId) && _registered:
                SetStatus(change.Status);
                break;
            case DiscoverPeers discover when IsCurrent(discover.ConnectionId):
                Discover(discover.Filter);
                break;
            case MembershipChanged changed:
                OnMembershipChanged(changed.Network);
                break;
            case StopIfIdle:
                Stop();
                return;
            case LoginNotSaved failed:
                Context.GetLogger().Warning("The login of a user could not be stored: {0}", failed.Reason);
                break;
            default:
                OnSessionsAndRequests(message);
                break;
        }

        PassivateIfIdle();
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        // What this actor knew of the socket is lost; the client comes back with a new one.
        _connection?.Tell(AttachFailed.Instance, Self);
        base.PreRestart(reason, message);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        if (_registered)
        {
            _counters.PeerGone();
        }
    }

    private bool IsCurrent(ConnectionId connectionId) => _connection is not null && _connectionId == connectionId;

    private void Relay(RelayMessage relay)
    {
        if (_connection is not null && _registered)
        {
            _connection.Tell(relay, Self);
            return;
        }

        // Delivery is at most once: a member that is away misses what is said meanwhile.
        relay.Complete();
        PassivateIfIdle();
    }

    // A socket that has not registered expects nothing but the answer to its login, whatever an earlier socket of the user had under way.
    private void SendFrame(MessageBuffer frame)
    {
        if (_connection is not null && _registered)
        {
            _connection.Tell(frame, Self);
        }
        else
        {
            frame.Release();
        }
    }

    private void SendError(PeersError error)
    {
        if (_registered)
        {
            _connection?.Tell(error, Self);
        }
    }

    private void Attach(AttachConnection attach)
    {
        if (_connection is not null && _connectionId != attach.ConnectionId)
        {
            _connection.Tell(Superseded.Instance, Self);
        }

        if (_registered)
        {
            Unregister();

            // The others need not see a blink if the new connection registers at once, as clients do.
            Timers.StartSingleTimer(nameof(RegistrationOverdue), RegistrationOverdue.Instance, _settings.RegistrationGrace);
        }

        _userId = attach.UserId;
        _connection = Sender;
        _connectionId = attach.ConnectionId;
        _addressTag = attach.AddressTag;
        _status = PeerStatus.Online;
        LoadMembership(attach);
    }

    private void LoadMembership(AttachConnection attach)
    {
        var version = ++_membershipVersion;
        _changedWhileLoading = false;
        var login = attach.Login;
        var user = new UserRecord(attach.UserId.Value, login.Email, login.DisplayName, login.Provider, login.AvatarUrl);
        _directory.SaveUserAsync(user, CancellationToken.None)
            .PipeTo(Self, failure: static exception => new LoginNotSaved(exception.Message));
        _directory.FindNetworkAsync(attach.UserId.Value, CancellationToken.None)
            .PipeTo(
                Self,
                success: network => new MembershipLoaded(version, Failed: false, network is null ? null : new NetworkId(network.Id)),
                failure: _ => new MembershipLoaded(version, Failed: true, null));
    }

    private void OnMembershipLoaded(MembershipLoaded loaded)
    {
        // A newer attachment asks again. A change over REST meanwhile is newer than what was read, but the login still waits for its answer.
        if (_connection is null || loaded.Version < _membershipVersion)
        {
            return;
        }

        if (loaded.Failed)
        {
            _connection.Tell(AttachFailed.Instance, Self);
            return;
        }

        if (!_changedWhileLoading)
        {
            _network = loaded.Network;
        }

        _changedWhileLoading = false;
        _connection.Tell(ConnectionAttached.Instance, Self);
    }

    private void Register(PeerProfile profile)
    {
        _profile = profile;
        _status = PeerStatus.Online;
        Timers.Cancel(nameof(RegistrationOverdue));
        if (!_registered)
        {
            _registered = true;
            _counters.PeerRegistered();
            ReturnToSessions();
        }

        var frame = MessageBuffer.Rent();
        PeersWriter.PeerRegistered(frame, _userId, profile, _status);
        SendFrame(frame);
        AnnounceMissedSessions();
        EnterRoster(introduce: false);
    }

    private void SetStatus(PeerStatus status)
    {
        var changed = _status != status;
        _status = status;
        var frame = MessageBuffer.Rent();
        PeersWriter.StatusSet(frame, status);
        SendFrame(frame);
        if (changed)
        {
            EnterRoster(introduce: false);
        }
    }

    private void Unregister()
    {
        _registered = false;
        _counters.PeerGone();
        LeaveSessions();
    }

    private void Detach()
    {
        _connection = null;
        if (_registered)
        {
            Unregister();
        }

        Timers.Cancel(nameof(RegistrationOverdue));
        LeaveRoster(moved: false);
        WithdrawRequests();
    }

    private void EnterRoster(bool introduce)
    {
        var network = VisibleIn;
        if (_announcedIn is { } earlier && earlier != network)
        {
            LeaveRoster(moved: true);
        }

        if (network is { } visible && _profile is not null)
        {
            _announcedIn = visible;
            _regions.Networks.Tell(new PeerPresent(visible, new PeerEntry(_userId, _profile, _status, _addressTag), introduce), Self);
        }
    }

    private void LeaveRoster(bool moved)
    {
        if (_announcedIn is { } network)
        {
            _announcedIn = null;
            _regions.Networks.Tell(new PeerAbsent(network, _userId, moved), Self);
        }
    }

    private void Discover(PeersFilter filter)
    {
        if (_network is { } network)
        {
            _regions.Networks.Tell(new ListPeers(network, _userId, _addressTag, filter), _connection);
            return;
        }

        var frame = MessageBuffer.Rent();
        PeersWriter.PeersList(frame, []);
        SendFrame(frame);
    }

    private void OnMembershipChanged(NetworkId? network)
    {
        if (_connection is null)
        {
            return;
        }

        _changedWhileLoading = true;
        if (_network == network)
        {
            return;
        }

        _network = network;
        if (_registered)
        {
            EnterRoster(introduce: true);
        }
        else
        {
            LeaveRoster(moved: false);
        }
    }

    private void PassivateIfIdle()
    {
        if (IsIdle)
        {
            Context.Parent.Tell(StopIfIdle.Passivate, Self);
        }
    }

    private void Stop()
    {
        if (IsIdle)
        {
            Context.Stop(Self);
        }
        else
        {
            Context.Parent.Tell(CancelPassivation.Instance, Self);
        }
    }

    private sealed record MembershipLoaded(int Version, bool Failed, NetworkId? Network);

    private sealed record LoginNotSaved(string Reason);

    private sealed class RegistrationOverdue
    {
        internal static RegistrationOverdue Instance { get; } = new();
    }
}
