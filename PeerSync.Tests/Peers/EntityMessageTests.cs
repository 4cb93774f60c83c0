using System.Text.Json;
using PeerSync.Actors;
using PeerSync.Actors.Peers;
using PeerSync.Actors.Serialization;
using PeerSync.Actors.Sessions;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Tests.Peers;

/// <summary>Every message between entities can leave the process: it says all that it means in values.</summary>
public sealed class EntityMessageTests
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new MessageBufferConverter(), new RelayMessageConverter() } };

    private static readonly UserId Alice = new("alice");
    private static readonly UserId Bob = new("bob");
    private static readonly RequestId Request = new("req_1");
    private static readonly SessionId Session = new("ses_1");
    private static readonly NetworkId Network = new("net_1");
    private static readonly ConnectionId Connection = new("c1");
    private static readonly PeerProfile Profile = new("Alice \u00e9\U0001F600", "guest", "vscode", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    private static readonly SessionMember Member = new(Alice, Profile);

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
        RelayMessage.Rent(Session, Alice, MessageBuffer.Copy("{}"u8), source: null).To(Bob),
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
                case RelayMessage relay:
                    Assert.Equal((Session, Alice, Bob, "{}"), (relay.SessionId, relay.From, relay.UserId, System.Text.Encoding.UTF8.GetString(relay.Body.Span)));
                    break;
                default:
                    Assert.Equal(sample, again);
                    break;
            }
        }
    }
}
