using System.Text;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Tests.Protocol.Peers;

public sealed class PeersDataTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// <summary>Data that has no members: absent, and every JSON type but an object with members.</summary>
    public static TheoryData<string> NoMembers => ["", "null", "true", "false", "0", "7", "\"\"", "\"abc\"", "[]", "[{\"token\":\"x\"}]", "{}", "{\"\":1}"];

    /// <summary>What JavaScript takes as false.</summary>
    public static TheoryData<string> Falsy => ["null", "false", "\"\"", "0", "-0", "0.00", "0e5", "-0.0E-3", "1e-400"];

    /// <summary>What JavaScript takes as true, but no string.</summary>
    public static TheoryData<string> TruthyNoStrings => ["true", "1", "-1", "0.1", "1e400", "12345678901234567890123", "{}", "{\"a\":\"b\"}", "[]", "[\"a\"]"];

    [Theory]
    [MemberData(nameof(NoMembers))]
    public void Data_without_members_has_nothing(string data)
    {
        Assert.Equal(PeersFieldStatus.Missing, PeersReader.ReadAuth(Envelope(data), out var token));
        Assert.Equal("", token);
        Assert.Equal(new PeerProfile("Alice", "guest", "other", null), PeersReader.ReadPeerRegister(Envelope(data), "Alice", 50));
        Assert.Equal(default, PeersReader.ReadDiscoverPeers(Envelope(data)));
        Assert.Equal(PeersFieldStatus.Missing, PeersReader.ReadConnectionRequest(Envelope(data), out _));
        Assert.Equal(PeersFieldStatus.Missing, PeersReader.ReadConnectionResponse(Envelope(data), out _, out _));
        Assert.Equal(PeersFieldStatus.Missing, PeersReader.ReadSendMessage(Envelope(data)).Status);
        Assert.Equal(PeersFieldStatus.Missing, PeersReader.ReadSessionEnd(Envelope(data), out _));
        Assert.Equal(PeersFieldStatus.Missing, PeersReader.ReadConnectionCancel(Envelope(data), out _));
        Assert.False(PeersReader.TryReadSetStatus(Envelope(data), out _));
    }

    [Theory]
    [MemberData(nameof(Falsy))]
    public void A_value_that_counts_as_false_is_missing(string value) => AssertTextStatus(value, PeersFieldStatus.Missing, "");

    [Theory]
    [MemberData(nameof(TruthyNoStrings))]
    public void A_value_of_another_type_names_nothing(string value) => AssertTextStatus(value, PeersFieldStatus.NotAString, "");

    [Theory]
    [InlineData("\"abc\"", "abc")]
    [InlineData("\" \"", " ")]
    [InlineData("\"0\"", "0")]
    [InlineData("\"a\\u0062\\n\\t\\b\\f\\r\\\"\\\\\\/\"", "ab\n\t\b\f\r\"\\/")]
    [InlineData("\"\\u0000\"", "\0")]
    [InlineData("\"é€😀\"", "é€😀")]
    [InlineData("\"\\uD83D\\uDE00\\u00E9\"", "😀é")]
    [InlineData("\"\\ud800\"", "\uFFFD")]
    [InlineData("\"\\udc00\\ud800a\"", "\uFFFD\uFFFDa")]
    [InlineData("\"x\\ud83dé\"", "x\uFFFDé")]
    public void A_text_is_decoded_and_lone_surrogates_are_replaced(string value, string expected) => AssertTextStatus(value, PeersFieldStatus.Text, expected);

    [Fact]
    public void A_long_text_with_escapes_everywhere_is_decoded_whole()
    {
        var expected = string.Concat(Enumerable.Range(0, 5000).Select(static i => (char)(i % 2 == 0 ? 'a' + (i % 26) : 0x400 + (i % 100))));
        var written = string.Concat(expected.Select(static (c, i) => i % 3 == 0 ? $"\\u{(int)c:x4}" : c.ToString()));
        AssertTextStatus($"\"{written}\"", PeersFieldStatus.Text, expected);
    }

    [Theory]
    [InlineData("Bearer a.b.c", "a.b.c")]
    [InlineData("a.b.c", "a.b.c")]
    [InlineData("Bearer ", "")]
    [InlineData("Bearer", "Bearer")]
    [InlineData("bearer a", "bearer a")]
    [InlineData("Bearer  a", " a")]
    [InlineData("Bearer Bearer a", "Bearer a")]
    [InlineData(" Bearer a", " Bearer a")]
    [InlineData("Be\\u0061rer a", "a")]
    public void A_token_loses_one_exact_bearer_prefix(string written, string expected)
    {
        Assert.Equal(PeersFieldStatus.Text, PeersReader.ReadAuth(Envelope($$"""{"token":"{{written}}"}"""), out var token));
        Assert.Equal(expected, token);
    }

    [Theory]
    [InlineData("""{"displayName":"Ali","ide":"windsurf","role":"fullstack"}""", "Ali", "fullstack", "windsurf")]
    [InlineData("""{"displayName":"","ide":"","role":""}""", "Alice", "guest", "other")]
    [InlineData("""{"displayName":42,"ide":["x"],"role":{"a":1}}""", "Alice", "guest", "other")]
    [InlineData("""{"displayName":true,"ide":false,"role":null,"metadata":{"ide":"x"},"status":"busy"}""", "Alice", "guest", "other")]
    [InlineData("""{"displayName":"A","displayName":"B","role":"r","role":5}""", "B", "guest", "other")]
    [InlineData("""{"\u0064isplayName":"\u0041","DisplayName":"x"}""", "A", "guest", "other")]
    [InlineData("""{"displayName":"a\u0000b\nc\u007f\u0085d"}""", "abcd", "guest", "other")]
    [InlineData("""{"displayName":"\u0000\n"}""", "Alice", "guest", "other")]
    [InlineData("""{"displayName":"\ud800x","ide":"\udc00"}""", "\uFFFDx", "guest", "\uFFFD")]
    [InlineData("""{"displayName":"😀é<&'\"","role":"مرحبا"}""", "😀é<&'\"", "مرحبا", "other")]
    public void A_profile_takes_what_is_text_and_defaults_else(string data, string displayName, string role, string ide) =>
        Assert.Equal(new PeerProfile(displayName, role, ide, null), PeersReader.ReadPeerRegister(Envelope(data), "Alice", 50));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcde")]
    [InlineData("abc😀", 5, "abc😀")]
    [InlineData("abcd😀", 5, "abcd")]
    [InlineData("\\u0001abcde\\u0001f", 5, "abcde")]
    [InlineData("😀", 1, "A")] // nothing fits, so the default does
    public void A_display_name_is_cut_between_characters(string written, int maxLength, string expected)
    {
        var profile = PeersReader.ReadPeerRegister(Envelope($$"""{"displayName":"{{written}}"}"""), "Alice", maxLength);
        Assert.Equal(expected, profile.DisplayName);
    }

    [Fact]
    public void Roles_and_editors_are_cut_at_64_and_a_name_may_be_enormous()
    {
        var many = new string('x', 1_000_000);
        var profile = PeersReader.ReadPeerRegister(Envelope($$"""{"displayName":"{{many}}","role":"{{many}}","ide":"{{many}}"}"""), "Alice", 100);
        Assert.Equal(new PeerProfile(many[..100], many[..64], many[..64], null), profile);
    }

    // Not as attribute arguments, which cannot hold a lone surrogate.
    public static TheoryData<string, string> DefaultNames => new()
    {
        { "", "User" },
        { "\u0001\u0002", "User" },
        { "Bo\0b", "Bob" },
        { "\uD800Bob", "\uFFFDBob" },
        { "0123456789", "01234567" },
    };

    [Theory]
    [MemberData(nameof(DefaultNames), DisableDiscoveryEnumeration = true)]
    public void The_default_name_is_cleaned_like_any_other(string defaultName, string expected) =>
        Assert.Equal(expected, PeersReader.ReadPeerRegister(Envelope("{}"), defaultName, 8).DisplayName);

    [Theory]
    [InlineData("\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"", true)]
    [InlineData("\"\\u0041AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"", true)]
    [InlineData("\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\"", false)] // the unused bits are set
    [InlineData("\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"", false)]
    [InlineData("\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AAA==\"", false)]
    [InlineData("\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\"", false)] // 33 bytes in 44 characters
    [InlineData("\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==\"", false)]
    [InlineData("\" AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"", false)]
    [InlineData("\"-_ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"\\ud800\"", false)]
    [InlineData("null", false)]
    [InlineData("7", false)]
    [InlineData("{}", false)]
    [InlineData("[]", false)]
    [InlineData("true", false)]
    public void A_public_key_counts_only_as_base64_of_32_bytes(string value, bool expected) =>
        Assert.Equal(expected ? Key : null, PeersReader.ReadPeerRegister(Envelope($$"""{"publicKey":{{value}}}"""), "Alice", 50).PublicKey);

    [Theory]
    [InlineData("""{"role":"host","ide":"cursor","lanOnly":true}""", "host", "cursor", true)]
    [InlineData("""{"role":"","ide":""}""", null, null, false)]
    [InlineData("""{"role":1,"ide":{},"lanOnly":"false"}""", null, null, true)]
    [InlineData("""{"role":["host"],"ide":true,"lanOnly":{}}""", null, null, true)]
    [InlineData("""{"role":null,"ide":false,"lanOnly":[]}""", null, null, true)]
    [InlineData("""{"lanOnly":1}""", null, null, true)]
    [InlineData("""{"lanOnly":0}""", null, null, false)]
    [InlineData("""{"lanOnly":-0.0}""", null, null, false)]
    [InlineData("""{"lanOnly":""}""", null, null, false)]
    [InlineData("""{"lanOnly":null}""", null, null, false)]
    [InlineData("""{"lanOnly":false}""", null, null, false)]
    [InlineData("""{"lanOnly":true,"lanOnly":false,"role":"a","role":"b"}""", "b", null, false)]
    public void A_filter_is_read_as_javascript_would(string data, string? role, string? ide, bool lanOnly) =>
        Assert.Equal(new PeersFilter(role, ide, lanOnly), PeersReader.ReadDiscoverPeers(Envelope(data)));

    [Fact]
    public void A_filter_matches_exactly_and_on_every_condition()
    {
        var profile = new PeerProfile("Bob", "host", "cursor", null);
        Assert.True(default(PeersFilter).Matches(profile, ConnectionMode.Remote));
        Assert.True(new PeersFilter("host", "cursor", true).Matches(profile, ConnectionMode.Lan));
        Assert.False(new PeersFilter("host", "cursor", true).Matches(profile, ConnectionMode.Remote));
        Assert.False(new PeersFilter("Host", null, false).Matches(profile, ConnectionMode.Lan));
        Assert.False(new PeersFilter(null, "cursor ", false).Matches(profile, ConnectionMode.Lan));
        Assert.False(new PeersFilter("guest", "cursor", false).Matches(profile, ConnectionMode.Lan));
    }

    [Theory]
    [InlineData("""{"requestId":"r","accepted":true}""", PeersFieldStatus.Text, true)]
    [InlineData("""{"requestId":"r","accepted":false}""", PeersFieldStatus.Text, false)]
    [InlineData("""{"requestId":"r","accepted":null}""", PeersFieldStatus.Text, false)]
    [InlineData("""{"requestId":"r"}""", PeersFieldStatus.Missing, false)]
    [InlineData("""{"accepted":true}""", PeersFieldStatus.Missing, true)]
    [InlineData("""{"requestId":"r","accepted":"true"}""", PeersFieldStatus.Missing, false)]
    [InlineData("""{"requestId":"r","accepted":"false"}""", PeersFieldStatus.Missing, false)]
    [InlineData("""{"requestId":"r","accepted":1}""", PeersFieldStatus.Missing, false)]
    [InlineData("""{"requestId":"r","accepted":0}""", PeersFieldStatus.Missing, false)]
    [InlineData("""{"requestId":"r","accepted":{}}""", PeersFieldStatus.Missing, false)]
    [InlineData("""{"requestId":"r","accepted":[]}""", PeersFieldStatus.Missing, false)]
    [InlineData("""{"requestId":7,"accepted":true}""", PeersFieldStatus.NotAString, true)]
    [InlineData("""{"requestId":7,"accepted":"x"}""", PeersFieldStatus.Missing, false)]
    [InlineData("""{"requestId":"r","accepted":true,"accepted":false}""", PeersFieldStatus.Text, false)]
    public void An_answer_must_be_clear(string data, PeersFieldStatus expected, bool expectedAccepted)
    {
        Assert.Equal(expected, PeersReader.ReadConnectionResponse(Envelope(data), out var requestId, out var accepted));
        Assert.Equal(expectedAccepted, accepted);
        Assert.Equal(new RequestId(expected == PeersFieldStatus.Text ? "r" : ""), requestId);
    }

    [Theory]
    [InlineData("\"online\"", true, PeerStatus.Online)]
    [InlineData("\"away\"", true, PeerStatus.Away)]
    [InlineData("\"busy\"", true, PeerStatus.Busy)]
    [InlineData("\"b\\u0075sy\"", true, PeerStatus.Busy)]
    [InlineData("\"Busy\"", false, PeerStatus.Online)]
    [InlineData("\"offline\"", false, PeerStatus.Online)]
    [InlineData("\"\"", false, PeerStatus.Online)]
    [InlineData("\"\\ud800\"", false, PeerStatus.Online)]
    [InlineData("null", false, PeerStatus.Online)]
    [InlineData("1", false, PeerStatus.Online)]
    [InlineData("true", false, PeerStatus.Online)]
    [InlineData("[\"busy\"]", false, PeerStatus.Online)]
    [InlineData("{}", false, PeerStatus.Online)]
    public void Only_three_statuses_exist(string value, bool expected, PeerStatus expectedStatus)
    {
        Assert.Equal(expected, PeersReader.TryReadSetStatus(Envelope($$"""{"status":{{value}}}"""), out var status));
        Assert.Equal(expectedStatus, status);
    }

    // Every event with one required text is read by the same rule.
    private static void AssertTextStatus(string value, PeersFieldStatus expected, string expectedText)
    {
        Assert.Equal(expected, PeersReader.ReadAuth(Envelope($$"""{"x":1,"token":{{value}}}"""), out var token));
        Assert.Equal(expectedText, token);
        Assert.Equal(expected, PeersReader.ReadConnectionRequest(Envelope($$"""{"targetId":"old","targetId":{{value}}}"""), out var targetId));
        Assert.Equal(new UserId(expectedText), targetId);
        Assert.Equal(expected, PeersReader.ReadConnectionCancel(Envelope($$"""{"r\u0065questId":{{value}}}"""), out var requestId));
        Assert.Equal(new RequestId(expectedText), requestId);
        Assert.Equal(expected, PeersReader.ReadSessionEnd(Envelope($$"""{"sessionId":{{value}}}"""), out var sessionId));
        Assert.Equal(new SessionId(expectedText), sessionId);
        Assert.Equal(expected, PeersReader.ReadConnectionResponse(Envelope($$"""{"accepted":true,"requestId":{{value}}}"""), out requestId, out _));
        Assert.Equal(new RequestId(expectedText), requestId);
        var message = PeersReader.ReadSendMessage(Envelope($$"""{"content":1,"sessionId" : {{value}} }"""));
        Assert.Equal(expected, message.Status);
        Assert.Equal(expectedText, message.GetSessionId());
        if (expected == PeersFieldStatus.Text)
        {
            Assert.Equal(value, Encoding.UTF8.GetString(message.SessionIdJson));
            Assert.Equal(value.Contains('\\', StringComparison.Ordinal), message.SessionIdIsEscaped);
            Assert.Equal(message.SessionIdIsEscaped ? "" : expectedText, Encoding.UTF8.GetString(message.SessionIdUtf8));
        }
    }

    private static PeersEnvelope Envelope(string data)
    {
        var json = data.Length == 0 ? """{"event":"PING"}""" : $$"""{"event":"PING","data":{{data}}}""";
        Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read(Encoding.UTF8.GetBytes(json), out var envelope));
        return envelope;
    }
}
