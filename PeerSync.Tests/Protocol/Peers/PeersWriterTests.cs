using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Tests.Protocol.Peers;

// The expected texts are frames that the original server sent to Dev Connect's clients, with its ids replaced by names.
public sealed class PeersWriterTests
{
    private static readonly UserId AliceId = new("<aliceId>");
    private static readonly UserId BobId = new("<bobId>");
    private static readonly PeerProfile Alice = new("Alice", "guest", "vscode", null);
    private static readonly PeerProfile Bob = new("Bob", "host", "cursor", null);
    private static readonly PeerProfile Keyed = new("Carol", "guest", "vscode", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    private static readonly RequestId Request = new("<requestId1>");
    private static readonly SessionId Session = new("<sessionId1>");

    [Fact]
    public void Authentication() => Assert.Equal(
        """{"event":"AUTH_SUCCESS","data":{"userId":"<aliceId>","displayName":"Alice","email":"alice@example.test"}}""",
        Written(o => PeersWriter.AuthSuccess(o, AliceId, "Alice", "alice@example.test")));

    [Fact]
    public void Refused_tokens()
    {
        Assert.Equal(
            """{"event":"AUTH_FAILED","data":{"code":"ERR_1001","message":"Authentication token is required"}}""",
            Written(o => PeersWriter.AuthFailed(o, PeersError.TokenMissing)));
        Assert.Equal(
            """{"event":"AUTH_FAILED","data":{"code":"ERR_1002","message":"ERR_AUTH_INVALID"}}""",
            Written(o => PeersWriter.AuthFailed(o, PeersError.TokenInvalid)));

        // The one deliberate difference: the code that the protocol's table promises for an expired token, beside the same message.
        Assert.Equal(
            """{"event":"AUTH_FAILED","data":{"code":"ERR_1003","message":"ERR_AUTH_EXPIRED"}}""",
            Written(o => PeersWriter.AuthFailed(o, PeersError.TokenExpired)));
    }

    public static TheoryData<string, string, string> Errors => new()
    {
        { nameof(PeersError.AuthenticationTimeout), "ERR_1001", "Authentication timeout" },
        { nameof(PeersError.TargetNotFound), "ERR_2001", "Target peer not found" },
        { nameof(PeersError.Superseded), "ERR_2005", "New connection established from another client" },
        { nameof(PeersError.NotRegistered), "ERR_2006", "Must register first" },
        { nameof(PeersError.DifferentNetwork), "ERR_2007", "Peer is not in your network" },
        { nameof(PeersError.SessionNotFound), "ERR_3001", "Session not found" },
        { nameof(PeersError.NotAParticipant), "ERR_3008", "Not a session participant" },
        { nameof(PeersError.InvalidJson), "ERR_5003", "Invalid JSON" },
        { nameof(PeersError.NotAuthenticated), "ERR_5005", "Must authenticate first" },
        { nameof(PeersError.RequestNotFound), "ERR_6001", "Request not found or expired" },
        { nameof(PeersError.NotAuthorized), "ERR_6004", "Not authorized" },
        { nameof(PeersError.TargetIdMissing), "ERR_9003", "targetId is required" },
        { nameof(PeersError.ResponseFieldsMissing), "ERR_9003", "requestId and accepted required" },
        { nameof(PeersError.SessionIdMissing), "ERR_9003", "sessionId is required" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Errors_have_the_code_and_the_text_that_clients_know(string name, string code, string message)
    {
        var error = (PeersError)typeof(PeersError).GetProperty(name)!.GetValue(null)!;
        Assert.Equal(
            $$$"""{"event":"ERROR","data":{"code":"{{{code}}}","message":"{{{message}}}"}}""",
            Written(o => PeersWriter.Error(o, error)));
    }

    [Fact]
    public void Unknown_events_are_named_and_escaped()
    {
        Assert.Equal(
            """{"event":"ERROR","data":{"code":"ERR_5003","message":"Unknown event: NOPE"}}""",
            Written(o => PeersWriter.Error(o, PeersError.UnknownEvent("NOPE"))));
        Assert.Equal(
            """{"event":"ERROR","data":{"code":"ERR_5003","message":"Unknown event: \"\\"}}""",
            Written(o => PeersWriter.Error(o, PeersError.UnknownEvent("\"\\"))));
    }

    [Fact]
    public void Every_error_has_a_code_of_the_table_and_every_code_stands_there_once()
    {
        var codes = typeof(PeersErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static f => (string)f.GetRawConstantValue()!).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, static code => Assert.Matches("^ERR_[1234569]00[1-8]$", code));
        var errors = typeof(PeersError).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(static p => (PeersError)p.GetValue(null)!).ToList();
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Contains(error.Code, codes));
        Assert.Equal(errors.Count, errors.Distinct().Count());
    }

    [Fact]
    public void Close_codes()
    {
        Assert.Equal(4001, PeersCloseCode.AuthenticationFailed);
        Assert.Equal(4002, PeersCloseCode.Superseded);
        Assert.Equal("No token provided", PeersCloseCode.NoTokenReason);
        Assert.Equal("Authentication failed", PeersCloseCode.AuthenticationFailedReason);
        Assert.Equal("Authentication timeout", PeersCloseCode.AuthenticationTimeoutReason);
        Assert.Equal("Superseded by new connection", PeersCloseCode.SupersededReason);
    }

    [Fact]
    public void Pong()
    {
        Assert.Equal("""{"event":"PONG","data":{"timestamp":1767355445067}}""", Written(o => PeersWriter.Pong(o, 1767355445067)));
        Assert.Equal("""{"event":"PONG","data":{"timestamp":-9223372036854775808}}""", Written(o => PeersWriter.Pong(o, long.MinValue)));
    }

    [Fact]
    public void Registration_and_presence()
    {
        Assert.Equal(
            """{"event":"PEER_REGISTERED","data":{"id":"<aliceId>","profile":{"displayName":"Alice","role":"guest","ide":"vscode"},"status":"online"}}""",
            Written(o => PeersWriter.PeerRegistered(o, AliceId, Alice, PeerStatus.Online)));
        Assert.Equal(
            """{"event":"PEER_STATUS_UPDATE","data":{"id":"<bobId>","profile":{"displayName":"Bob","role":"host","ide":"cursor"},"status":"online","connectionMode":"LAN"}}""",
            Written(o => PeersWriter.StatusOnline(o, BobId, Bob, PeerStatus.Online, ConnectionMode.Lan)));
        Assert.Equal(
            """{"event":"PEER_STATUS_UPDATE","data":{"id":"<bobId>","status":"offline","connectionMode":"REMOTE"}}""",
            Written(o => PeersWriter.StatusOffline(o, BobId)));
        Assert.Equal(
            """{"event":"PEER_STATUS_UPDATE","data":{"id":"<bobId>","profile":{"displayName":"Bob","role":"host","ide":"cursor"},"status":"away","connectionMode":"REMOTE"}}""",
            Written(o => PeersWriter.StatusOnline(o, BobId, Bob, PeerStatus.Away, ConnectionMode.Remote)));
        Assert.Equal("""{"event":"STATUS_SET","data":{"status":"busy"}}""", Written(o => PeersWriter.StatusSet(o, PeerStatus.Busy)));
    }

    [Fact]
    public void A_public_key_is_the_last_member_of_a_profile() => Assert.Equal(
        """{"event":"PEER_REGISTERED","data":{"id":"<carolId>","profile":{"displayName":"Carol","role":"guest","ide":"vscode","publicKey":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},"status":"online"}}""",
        Written(o => PeersWriter.PeerRegistered(o, new UserId("<carolId>"), Keyed, PeerStatus.Online)));

    [Fact]
    public void Lists_of_none_one_and_several_peers()
    {
        Assert.Equal("""{"event":"PEERS_LIST","data":{"peers":[]}}""", Written(o => PeersWriter.PeersList(o, [])));
        Assert.Equal(
            """{"event":"PEERS_LIST","data":{"peers":[{"id":"<aliceId>","profile":{"displayName":"Alice","role":"guest","ide":"vscode"},"status":"online","connectionMode":"REMOTE"}]}}""",
            Written(o => PeersWriter.PeersList(o, [new(AliceId, Alice, PeerStatus.Online, ConnectionMode.Remote)])));
        Assert.Equal(
            """{"event":"PEERS_LIST","data":{"peers":[{"id":"<aliceId>","profile":{"displayName":"Alice","role":"guest","ide":"vscode"},"status":"busy","connectionMode":"LAN"},""" +
            """{"id":"<bobId>","profile":{"displayName":"Bob","role":"host","ide":"cursor"},"status":"online","connectionMode":"REMOTE"}]}}""",
            Written(o => PeersWriter.PeersList(
                o,
                [new(AliceId, Alice, PeerStatus.Busy, ConnectionMode.Lan), new(BobId, Bob, PeerStatus.Online, ConnectionMode.Remote)])));
    }

    [Fact]
    public void Requests_and_their_outcomes()
    {
        Assert.Equal(
            """{"event":"CONNECTION_REQUEST_RECEIVED","data":{"requestId":"<requestId1>","from":{"id":"<aliceId>","profile":{"displayName":"Alice","role":"guest","ide":"vscode"}}}}""",
            Written(o => PeersWriter.ConnectionRequestReceived(o, Request, AliceId, Alice)));
        Assert.Equal(
            """{"event":"CONNECTION_ACCEPTED","data":{"requestId":"<requestId1>","sessionId":"<sessionId1>","peer":{"id":"<aliceId>","profile":{"displayName":"Alice","role":"guest","ide":"vscode"}}}}""",
            Written(o => PeersWriter.ConnectionAccepted(o, Request, Session, AliceId, Alice)));
        Assert.Equal(
            """{"event":"SESSION_CREATED","data":{"sessionId":"<sessionId1>","peer":{"id":"<bobId>","profile":{"displayName":"Bob","role":"host","ide":"cursor"}}}}""",
            Written(o => PeersWriter.SessionCreated(o, Session, BobId, Bob)));
        Assert.Equal(
            """{"event":"CONNECTION_REJECTED","data":{"requestId":"<requestId1>","targetId":"<bobId>"}}""",
            Written(o => PeersWriter.ConnectionRejected(o, Request, BobId)));
        Assert.Equal(
            """{"event":"CONNECTION_REJECTED","data":{"requestId":"<requestId1>","targetId":"<bobId>","reason":"expired"}}""",
            Written(o => PeersWriter.ConnectionRejected(o, Request, BobId, PeersReason.Expired)));
        Assert.Equal(
            """{"event":"CONNECTION_REQUEST_CANCELLED","data":{"requestId":"<requestId1>","reason":"cancelled"}}""",
            Written(o => PeersWriter.ConnectionRequestCancelled(o, Request, PeersReason.Cancelled)));
        Assert.Equal(
            """{"event":"SESSION_ENDED","data":{"sessionId":"<sessionId1>","reason":"absent","peerId":"<bobId>"}}""",
            Written(o => PeersWriter.SessionEnded(o, Session, PeersReason.Absent, BobId)));
    }

    // The expected texts are what JSON.stringify gives. Not as attribute arguments, which cannot hold a lone surrogate.
    public static TheoryData<string, string> Strings => new()
    {
        { "", "\"\"" },
        { "plain <b>&'+/`", "\"plain <b>&'+/`\"" },
        { "\"\\", "\"\\\"\\\\\"" },
        { "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
        { "\0\u0001\u000B\u001F\u007F", "\"\\u0000\\u0001\\u000b\\u001f\u007F\"" },
        { "é€😀\u2028\u2029\uE000\uFFFF", "\"é€😀\u2028\u2029\uE000\uFFFF\"" },
        { "\uD800", "\"\\ud800\"" },
        { "a\uDC00\uD800\"b\uD83D", "\"a\\udc00\\ud800\\\"b\\ud83d\"" },
    };

    [Theory]
    [MemberData(nameof(Strings), DisableDiscoveryEnumeration = true)]
    public void Strings_are_escaped_as_little_as_possible(string value, string expected)
    {
        Assert.Equal(expected, Encoding.UTF8.GetString(PeersWriter.EncodeString(value)));
        Assert.Equal(
            $$$"""{"event":"AUTH_SUCCESS","data":{"userId":{{{expected}}},"displayName":{{{expected}}},"email":{{{expected}}}}}""",
            Written(o => PeersWriter.AuthSuccess(o, new UserId(value), value, value)));
    }

    [Fact]
    public void Random_strings_of_any_length_come_back_unchanged()
    {
        var random = new Random(8259);
        char[] units = ['a', '"', '\\', '\n', '\u0001', 'é', '€', '\uD83D', '\uDE00', '\uD800', '\uDFFF', '\u007F'];
        for (var round = 0; round < 500; round++)
        {
            var value = new string('x', random.Next(2) * random.Next(1015, 1030))
                + string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => units[random.Next(units.Length)]))
                + new string('é', random.Next(2) * random.Next(2100));
            var written = PeersWriter.EncodeString(value);

            // Read by the codec's own reader, since the framework's refuses lone surrogates; it replaces what has no partner.
            byte[] json = [.. """{"event":"SESSION_END","data":{"sessionId":"""u8, .. written, .. "}}"u8];
            Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read(json, out var envelope));
            PeersReader.ReadSessionEnd(envelope, out var sessionId);
            Assert.Equal(string.Concat(value.EnumerateRunes()), sessionId.Value);
        }
    }

    [Fact]
    public void Ids_that_were_never_set_are_empty_strings() =>
        Assert.Equal("""{"event":"PEER_STATUS_UPDATE","data":{"id":"","status":"offline","connectionMode":"REMOTE"}}""", Written(o => PeersWriter.StatusOffline(o, default)));

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var buffer = MessageBuffer.Rent();
        write(buffer);
        var text = Encoding.UTF8.GetString(buffer.Span);
        buffer.Release();
        using var document = JsonDocument.Parse(text);
        Assert.Equal(["event", "data"], document.RootElement.EnumerateObject().Select(static p => p.Name));
        return text;
    }
}
