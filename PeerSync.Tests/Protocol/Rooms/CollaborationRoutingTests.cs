using PeerSync.Protocol.Rooms;
using static PeerSync.Tests.Protocol.Rooms.RoomsCalls;

namespace PeerSync.Tests.Protocol.Rooms;

public sealed class CollaborationRoutingTests
{
    private readonly CollaborationRouting _routing = new();

    [Fact]
    public void Offers_go_to_newcomers_in_the_order_in_which_they_came()
    {
        _routing.PeerJoined("x");
        _routing.PeerJoined("y");
        _routing.PeerJoined("z");
        _routing.PeerLeft("y");
        Assert.Equal(("x", "z", (string?)null), (Offer("1"), Offer("2"), Offer("3")));
    }

    [Fact]
    public void Who_comes_again_is_the_last_to_be_offered_to_and_once()
    {
        _routing.PeerJoined("x");
        _routing.PeerJoined("y");
        _routing.PeerJoined("x");
        Assert.Equal(("y", "x", (string?)null), (Offer("1"), Offer("2"), Offer("3")));
    }

    [Fact]
    public void An_answer_is_for_whoever_offered_last()
    {
        Assert.Null(Answer("a"));
        _routing.OfferDelivered("x");
        _routing.OfferDelivered("y");
        Assert.Equal("y", Answer("b"));
        _routing.PeerLeft("x");
        Assert.Equal("y", Answer("c"));
        _routing.PeerLeft("y");
        Assert.Null(Answer("d"));
    }

    [Fact]
    public void A_candidate_follows_its_exchange()
    {
        _routing.PeerJoined("x");
        Offer("1");
        _routing.OfferDelivered("y");
        Answer("2");
        Assert.Equal(("x", "y", (string?)null), (Candidate("1"), Candidate("2"), Candidate("3")));
        Assert.Null(_routing.Route(Frame("""{"type":"ice-candidate","data":{"candidate":""}}""")));
    }

    [Fact]
    public void An_offer_again_in_an_exchange_goes_the_same_way()
    {
        _routing.PeerJoined("x");
        Offer("1");
        Assert.Equal("x", Offer("1"));
        Assert.Null(_routing.Route(Frame("""{"type":"sdp-offer","data":{"sdp":"v=0"}}""")));
    }

    [Fact]
    public void What_is_remembered_is_bounded()
    {
        for (var i = 0; i <= CollaborationRouting.MaxExchanges; i++)
        {
            _routing.PeerJoined($"p{i}");
            Assert.Equal($"p{i}", Offer($"f{i}"));
        }

        Assert.Null(Candidate("f0"));
        Assert.Equal("p1", Candidate("f1"));
        Assert.Equal($"p{CollaborationRouting.MaxExchanges}", Candidate($"f{CollaborationRouting.MaxExchanges}"));
    }

    private string? Offer(string fragment) => _routing.Route(Frame($$$"""{"type":"sdp-offer","data":{"sdp":"v=0\r\na=ice-ufrag:{{{fragment}}}\r\n"}}"""));

    private string? Answer(string fragment) => _routing.Route(Frame($$$"""{"type":"sdp-answer","data":{"sdp":"v=0\r\na=ice-ufrag:{{{fragment}}}\r\n"}}"""));

    private string? Candidate(string fragment) => _routing.Route(Frame($$$"""{"type":"ice-candidate","data":{"candidate":"candidate:1 typ host ufrag {{{fragment}}}"}}"""));
}
