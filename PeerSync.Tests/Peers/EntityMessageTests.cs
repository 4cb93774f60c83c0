using System.Text.Json;
using PeerSync.Actors;
using PeerSync.Actors.Calls;
using PeerSync.Actors.Peers;
using PeerSync.Actors.Rooms;
using PeerSync.Actors.Serialization;
using PeerSync.Actors.Sessions;
using PeerSync.Actors.Sync;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Rooms;
using PeerSync.Protocol.Sessions;
using PeerSync.Protocol.Sync;

namespace PeerSync.Tests.Peers;

/// <summary>Every message between entities can leave the process: it says all that it means in values.</summary>
public sealed class EntityMessageTests
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new MessageBufferConverter(), new RelayMessageConverter(), new MemberFrameConverter() } };

    private static readonly UserId Alice = new("alice");
    private static readonly UserId Bob = new("bob");
    private static readonly RequestId Request = new("req_1");
    private static readonly SessionId Session = new("ses_1");
    private static readonly NetworkId Network = new("net_1");
    private static readonly ConnectionId Connection = new("c1");
    private static readonly PeerProfile Profile = new("Alice \u00e9\U0001F600", "guest", "vscode", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    private static readonly SessionMember Member = new(Alice, Profile);
    private static readonly DeviceId Device = new(Guid.Parse("6f2d9f0e-3c1b-4a58-9d77-2f6f0a1b2c3d"));

    private static readonly IEntityMessage[] Samples =
    [
        new AttachConnection(Alice, Connection, "tag", new UserLogin("alice@example.test", "Alice", "email", null)),
        new DetachConnection(Alice, Connection),
        new RegisterPeer(Alice, Connection, Profile),
        new ChangeStatus(Alice, Connection, PeerStatus.Busy),
        new DiscoverPeers(Alice, Connection, new PeersFilter("host", null, LanOnly: true)),
        new AskPeer(Alice, Connection, Bob),
        new OfferRequest(Bob, Request, Member, Network),
        new RequestRefused(Alice, Request, PeersError.DifferentNetwork),
        new RequestClosed(Alice, Request, Bob, RequestOutcome.Expired, IsRequester: true),
        new SessionOpened(Alice, Session, Request, new SessionMember(Bob, Profile)),
        new SessionEnded(Alice, Session, PeersReason.Absent, Bob),
        new MembershipChanged(Alice, Network),
        new DeliverFrame(Alice, MessageBuffer.Copy([1, 2, 255])),
        new PeerPresent(Network, new PeerEntry(Alice, Profile, PeerStatus.Away, "tag"), Introduce: true),
        new PeerAbsent(Network, Alice, Moved: true),
        new ListPeers(Network, Alice, "tag", new PeersFilter(null, "vim", LanOnly: false)),
        new OpenRequest(Request, Member, new SessionMember(Bob, Profile)),
        new AnswerRequest(Request, Bob, Accepted: true),
        new WithdrawRequest(Request, Alice, RequestOutcome.Cancelled),
        new OpenSession(Session, Request, Member, new SessionMember(Bob, Profile)),
        new MemberAbsent(Session, Alice),
        new MemberBack(Session, Alice),
        new EndSession(Session, Alice),
        new LogInDevice(Device, Alice, Connection, "Laptop", "desktop"),
        new DetachDevice(Device, Connection),
        new CompletePairing(Device, Connection, "012345"),
        new DeliverEvent(Device, Alice, 7, 8, MessageBuffer.Copy([3, 4, 255])),
        new DeliverNotice(Device, Alice, MessageBuffer.Copy([5, 6, 255])),
        new StreamLost(Device, Alice),
        new DisconnectDevice(Device, SyncDisconnect.Revoked),
        new AdmitDevice(Alice, Device, Connection, null, "mobile", DateTimeOffset.UnixEpoch.AddDays(20_000), Joined: true),
        new DismissDevice(Alice, Device, Connection),
        new AppendEvent(
            Alice,
            Device,
            Connection,
            Guid.Parse("01890000-0000-7000-8000-000000000001"),
            9,
            "clipboard:main",
            "clipboard:text",
            Ttl: 1_800_000_000_000,
            PayloadSize: 3,
            MessageBuffer.Copy([7, 8, 255]),
            Offset: 1,
            Length: 2,
            new SyncEventSplice { StreamSeqStart = 1, StreamSeqEnd = 2, UserIdStart = 3, UserIdEnd = 4, OmittedStart = 5, OmittedEnd = 6, End = 7 }),
        new SkipEvent(Alice, Device, Connection, 10),
        new TellOtherDevices(Alice, Device, MessageBuffer.Copy([9, 10, 255])),
        new ListOnlineDevices(Alice),
        new PrepareDeletion(Alice, 11, Forget: true),
        new EraseUser(Alice),
        new EnterRoom("r", "a", null, RoomsForm.Readme, Connection, "tag", "jti", RoomEntry.Create, new RoomDescription("Room", "f", "text", 1, "Host")),
        new LeaveRoom("r", "a", Connection, IsLost: true),
        new RoomHeartbeat("r", "a", Connection),
        new CreateRoom("r", null, RoomDescription.None),
        new AddMember("r", "a", "A"),
        new RemoveMember("r", "a", "tag", IsTrusted: true),
        new PostOperation("r", "a", "o1", "{}"),
        new DescribeRoom("r"),
        new ListOperations("r"),
        new CloseRoom("r", "a"),
        new SweepRoom("r"),
        new EvictToken("r", "t"),
        MemberFrame.Rent("r", "a", Connection, RoomsForm.Lean, RoomsFrameType.Offer, "b", MessageBuffer.Copy("{}"u8), source: null),
        RelayMessage.Rent(Session, Alice, MessageBuffer.Copy("{}"u8), source: null).To(Bob),
        new EnqueueTicket("en", Ticket.Create(1, "a", JoinRequest.Default with { Interests = ["x"] }, 70, true, null, 2, ["b"], [new RecentMatch("c", 3)])),
        new WithdrawTicket("en", "a", 1),
        new ConfirmMatch("en", "s", "a"),
        new BlockAdded("en", "a", "b"),
        new TicketQueued("a", 1, EnqueueOutcome.Replaced, 2, 3, 4),
        new TicketProgress("a", 1, new MatchProgress(1, 2, MatchRelaxation.Rematch, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4))),
        new MatchProposed("a", "en", 1, "s"),
        new TicketMatched("a", 1, "s", "b", IsFirst: true, "global", "en", 71, ["x"], 5, TimeSpan.FromSeconds(6)),
        new MatchLost("a", 1, "s"),
        new TicketDropped("a", 1),
        new AttachSocket("a", Connection),
        new DetachSocket("a", Connection, IsLost: true),
        new SeekPartner("a", Connection, 1, JoinRequest.Default with { Interests = ["x"] }),
        new StopSeeking("a", Connection, null),
        new SendToPeer("a", Connection, 2, "s", new CallContent(CallsClientEvent.SendOffer, MessageBuffer.Copy("{}"u8))),
        new HangUp("a", Connection, null, "s", WasSkipped: true),
        new DescribeMatch("a", Connection, null, "s"),
        new TellConnection("a", Connection, null, new ConnectionStatus("s", true, 3)),
        new RefuseEvent("a", Connection, 4, CallsError.Internal),
        new DeviceBlocked("a", "b"),
        new DeviceBanned("a"),
        new CallOpened("a", "s"),
        new CallMissed("a", "s"),
        new PeerSaid("a", "s", new CallContent(CallsClientEvent.SendMessage, Message: new CallsMessage("s", "hello", null, 5))),
        new PeerLeft("a", "s"),
        new EnterCall("s", "a", "b", "global", "en", TimeSpan.FromSeconds(6)),
        new LeaveCall("s", "a", CallEnd.Skipped),
        new SayInCall("s", "a", new CallContent(CallsClientEvent.SendReaction, Reaction: new CallsReaction("s", "x", 7))),
        new FindEvidence("s", "a"),
    ];

    [Fact]
    public void EveryTypeHasASample()
    {
        var types = typeof(IEntityMessage).Assembly.GetTypes().Where(static type => type is { IsAbstract: false } && typeof(IEntityMessage).IsAssignableFrom(type));
        Assert.Equal(types.Select(static type => type.Name).Order(), Samples.Select(static sample => sample.GetType().Name).Order());
    }

    [Fact]
    public void EverySampleSurvivesTheRoundTrip()
    {
        foreach (var sample in Samples)
        {
            var type = sample.GetType();
            var json = JsonSerializer.Serialize(sample, type, Options);
            var again = JsonSerializer.Deserialize(json, type, Options);
            Assert.Equal(json, JsonSerializer.Serialize(again, type, Options));
            switch (again)
            {
                case DeliverFrame deliver:
                    Assert.Equal(((DeliverFrame)sample).Frame.Span, deliver.Frame.Span);
                    break;
                case DeliverEvent deliver:
                    AssertSame(((DeliverEvent)sample).Frame, deliver.Frame, sample, deliver with { Frame = ((DeliverEvent)sample).Frame });
                    break;
                case DeliverNotice notice:
                    AssertSame(((DeliverNotice)sample).Frame, notice.Frame, sample, notice with { Frame = ((DeliverNotice)sample).Frame });
                    break;
                case TellOtherDevices tell:
                    AssertSame(((TellOtherDevices)sample).Frame, tell.Frame, sample, tell with { Frame = ((TellOtherDevices)sample).Frame });
                    break;
                case AppendEvent append:
                    AssertSame(((AppendEvent)sample).Message, append.Message, sample, append with { Message = ((AppendEvent)sample).Message });
                    break;
                case MemberFrame frame:
                    Assert.Equal(
                        ("r", "a", Connection, RoomsForm.Lean, RoomsFrameType.Offer, "b", "{}"),
                        (frame.RoomId, frame.UserId, frame.ConnectionId, frame.Form, frame.Type, frame.To, System.Text.Encoding.UTF8.GetString(frame.Body.Span)));
                    break;
                case RelayMessage relay:
                    Assert.Equal((Session, Alice, Bob, "{}"), (relay.SessionId, relay.From, relay.UserId, System.Text.Encoding.UTF8.GetString(relay.Body.Span)));
                    break;
                case SendToPeer send:
                    Assert.Equal(((SendToPeer)sample).Content.Data!.Span, send.Content.Data!.Span);
                    Assert.Equal(sample, send with { Content = ((SendToPeer)sample).Content });
                    break;
                case EnqueueTicket or TicketMatched:

                    // Their lists are equal when their JSON is.
                    break;
                default:
                    Assert.Equal(sample, again);
                    break;
            }
        }
    }

    private static void AssertSame(MessageBuffer expected, MessageBuffer actual, IEntityMessage sample, IEntityMessage again)
    {
        Assert.Equal(expected.Span, actual.Span);
        Assert.Equal(sample, again);
    }
}
