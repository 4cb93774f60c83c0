using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using PeerSync.Protocol.Sharing;

namespace PeerSync.Tests.Sharing;

public sealed class ShareReaderTests
{
    private const string Whole =
        """
         { "unknown" : [1, {"a":"]"}], "ciphertextB64u" : "Y3Q\u00e4\n/é😀", "ivB64u":"AAAA", "aad":"a\"d",
           "wrappedKeys" : [
             { "wrapIvB64u":"i1", "recipientUserId" : "u\u0031", "extra":{"x":[1]}, "recipientDeviceId":"d1",
               "senderEphemeralPublicKeyJwk": { "kty" : "EC", "n": 1.50E+2, "key_ops" : [ ], "s":"\ud83d\ude00 \u0041" }, "wrappedCekB64u":"c1" },
             {"recipientUserId":"u1","recipientDeviceId":"d1","wrappedCekB64u":"c2","wrapIvB64u":"i2"},
             {"recipientUserId":"u2","recipientDeviceId":"d1","senderEphemeralPublicKeyJwk":null,"wrappedCekB64u":"c3","wrapIvB64u":"i3"}
           ],
           "metadata" : { "title" : "t \u00fc", "more" : { "b" : [ true , null , {} ] }, "fullFileContent" : "whole\nfile", "teamId":"c1", "z":"\ud800\u0000" },
           "expiresInMs" : 60000 }
        """;

    private const string Wraps =
        """{"wrapIvB64u":"i1","recipientUserId":"u\u0031","recipientDeviceId":"d1","senderEphemeralPublicKeyJwk":{"kty":"EC","n":1.50E+2,"key_ops":[],"s":"\ud83d\ude00 \u0041"},"wrappedCekB64u":"c1"},"""
        + """{"recipientUserId":"u1","recipientDeviceId":"d1","wrappedCekB64u":"c2","wrapIvB64u":"i2"},"""
        + """{"recipientUserId":"u2","recipientDeviceId":"d1","senderEphemeralPublicKeyJwk":null,"wrappedCekB64u":"c3","wrapIvB64u":"i3"}""";

    public static TheoryData<string> Refused { get; } =
    [
        "",
        "null",
        "[]",
        "{}",
        "{bad",
        """{"ciphertextB64u":"c","ivB64u":"i"}""",
        """{"ciphertextB64u":"c","wrappedKeys":[]}""",
        """{"ciphertextB64u":1,"ivB64u":"i","wrappedKeys":[]}""",
        """{"ciphertextB64u":null,"ivB64u":"i","wrappedKeys":[]}""",
        """{"ciphertextB64u":"\u0000","ivB64u":"i","wrappedKeys":[]}""",
        """{"ciphertextB64u":"\ud800","ivB64u":"i","wrappedKeys":[]}""",
        """{"ciphertextB64u":"c","ciphertextB64u":"c","ivB64u":"i","wrappedKeys":[]}""",
        Share("""
              "aad":null
              """),
        Share("""
              "metadata":null
              """),
        Share("""
              "metadata":[]
              """),
        Share("""
              "metadata":{}
              """),
        Share("""
              "metadata":{"title":""}
              """),
        Share("""
              "metadata":{"title":5}
              """),
        Share("""
              "metadata":{"title":"\u0000"}
              """),
        Share("""
              "metadata":{"title":"t","title":"u"}
              """),
        Share("""
              "metadata":{"title":"t","teamId":null}
              """),
        Share("""
              "metadata":{"title":"t","teamId":"a","te\u0061mId":"b"}
              """),
        Share("""
              "expiresInMs":null
              """),
        Share("""
              "expiresInMs":999
              """),
        Share("""
              "expiresInMs":1e99
              """),
        Share("""
              "expiresInMs":"60000"
              """),
        Share("""
              "expiresAt":"2030-01-01T00:00:00"
              """),
        Share("""
              "expiresAt":"soonZ"
              """),
        Share("""
              "expiresAt":5
              """),
        Share("""
              "expiresAt":"2030-01-01T00:00:00.000Z","expiresInMs":60000
              """),
        Share("\"x\":1") + "x",
        Wrapped("5"),
        Wrapped("{}"),
        Wrapped("""{"recipientUserId":"u","recipientDeviceId":"","wrappedCekB64u":"c","wrapIvB64u":"i"}"""),
        Wrapped("""{"recipientUserId":"u","recipientDeviceId":"\u0000","wrappedCekB64u":"c","wrapIvB64u":"i"}"""),
        Wrapped("""{"recipientUserId":"u","recipientDeviceId":"d","wrappedCekB64u":1,"wrapIvB64u":"i"}"""),
        Wrapped("""{"recipientUserId":"u","recipientUserId":"v","recipientDeviceId":"d","wrappedCekB64u":"c","wrapIvB64u":"i"}"""),
        Wrapped($$"""{"recipientUserId":"u","recipientDeviceId":"{{new string('d', 129)}}","wrappedCekB64u":"c","wrapIvB64u":"i"}"""),
        Wrapped("""{"recipientUserId":"u","recipientDeviceId":"d","wrappedCekB64u":"c"}"""),
        """{"ciphertextB64u":"c","ivB64u":"i","wrappedKeys":{}}""",
    ];

    [Fact]
    public void A_share_is_kept_as_it_was_sent_but_for_white_space_and_unknown_members()
    {
        Assert.Equal(ShareReadStatus.Read, ShareReader.ReadShare(Sequence(Whole), 3, keepsFileContent: true, out var share));
        Check(share!);
        Assert.Equal(
            """{"title":"t \u00fc","more":{"b":[true,null,{}]},"fullFileContent":"whole\nfile","teamId":"c1","z":"\ud800\u0000"}""", share!.WholeMetadata);
    }

    [Fact]
    public void The_whole_file_can_be_dropped()
    {
        Assert.Equal(ShareReadStatus.Read, ShareReader.ReadShare(Sequence(Whole), 3, keepsFileContent: false, out var share));
        Check(share!);
        Assert.Null(share!.WholeMetadata);
    }

    [Fact]
    public void A_share_needs_no_metadata_and_no_keys()
    {
        var body = """{"ciphertextB64u":"","ivB64u":"","wrappedKeys":[],"expiresAt":"2030-01-02T03:04:05.678Z"}""";
        Assert.Equal(ShareReadStatus.Read, ShareReader.ReadShare(Sequence('\uFEFF' + body), 0, keepsFileContent: true, out var share));
        Assert.Equal(
            (string.Empty, string.Empty, null, "{}", null, null, null, null),
            (share!.Ciphertext, share.Iv, share.Aad, share.Metadata, share.WholeMetadata, share.Title, share.TeamId, share.Lifetime));
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), share.ExpiresAt);
        Assert.Equal((string.Empty, 0), (share.Wraps.Text, share.Wraps.Count));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_share_is_refused(string body)
    {
        Assert.Equal(ShareReadStatus.Invalid, ShareReader.ReadShare(Sequence(body), 10, keepsFileContent: true, out var share));
        Assert.Null(share);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_wherever_they_are()
    {
        // One byte of the text becomes one that UTF-8 never has.
        var body = Encoding.UTF8.GetBytes(Wrapped("""{"recipientUserId":"u","recipientDeviceId":"d","senderEphemeralPublicKeyJwk":"#","wrappedCekB64u":"#","wrapIvB64u":"#"}""")
            .Replace("\"c\"", "\"#\"", StringComparison.Ordinal)[..^1] + """, "metadata":{"title":"#","x":"#","#":1,"fullFileContent":"#"}}""");
        Assert.Equal(ShareReadStatus.Read, ShareReader.ReadShare(new ReadOnlySequence<byte>(body), 1, keepsFileContent: true, out _));
        var marks = Enumerable.Range(0, body.Length).Where(i => body[i] == (byte)'#').ToList();
        Assert.Equal(8, marks.Count);
        foreach (var mark in marks)
        {
            body[mark] = 0xFF;
            Assert.Equal(ShareReadStatus.Invalid, ShareReader.ReadShare(new ReadOnlySequence<byte>(body), 1, keepsFileContent: true, out _));
            body[mark] = (byte)'#';
        }
    }

    [Fact]
    public void Keys_are_counted()
    {
        Assert.Equal(ShareReadStatus.TooManyWraps, ShareReader.ReadShare(Sequence(Whole), 2, keepsFileContent: true, out _));
        var body = $$"""{"wrappedKeys":[{{Wraps}}]}""";
        Assert.Equal(ShareReadStatus.TooManyWraps, ShareReader.ReadWraps(Sequence(body), 2, out _));
        Assert.Equal(ShareReadStatus.Read, ShareReader.ReadWraps(Sequence(body), 3, out var wraps));
        Assert.Equal((Wraps, 3), (wraps!.Text, wraps.Count));
        foreach (var bad in new[] { "{}", "[]", "", """{"wrappedKeys":null}""", """{"wrappedKeys":[],"wrappedKeys":[]}""", body + "]" })
        {
            Assert.Equal(ShareReadStatus.Invalid, ShareReader.ReadWraps(Sequence(bad), 3, out _));
        }
    }

    [Theory]
    [InlineData("", true, null)]
    [InlineData("{}", true, null)]
    [InlineData("""{"x":{"deviceId":1},"deviceId":"d"}""", true, "d")]
    [InlineData("""{"deviceId":null}""", false, null)]
    [InlineData("""{"deviceId":""}""", false, null)]
    [InlineData("""{"deviceId":"a","deviceId":"b"}""", false, null)]
    [InlineData("[]", false, null)]
    [InlineData("{", false, null)]
    public void A_request_may_name_a_device(string body, bool isValid, string? deviceId)
    {
        Assert.Equal(isValid, ShareReader.TryReadRequest(Sequence(body), out var named));
        Assert.Equal(deviceId, named);
    }

    [Fact]
    public void A_body_in_pieces_is_read_as_a_whole_one()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole);
        for (var i = 1; i < bytes.Length; i++)
        {
            Assert.Equal(ShareReadStatus.Read, ShareReader.ReadShare(Sequence(bytes[..i], bytes[i..]), 3, keepsFileContent: true, out var share));
            Check(share!);
        }

        var single = Sequence([.. bytes.Select(static value => new[] { value })]);
        Assert.Equal(ShareReadStatus.Read, ShareReader.ReadShare(single, 3, keepsFileContent: true, out var whole));
        Check(whole!);
    }

    [Fact]
    public void A_body_that_ends_too_early_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole);
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Equal(ShareReadStatus.Invalid, ShareReader.ReadShare(new ReadOnlySequence<byte>(bytes, 0, i), 3, keepsFileContent: true, out _));
        }
    }

    [Fact]
    public void Depth_has_a_limit()
    {
        Assert.Equal(ShareReadStatus.Read, Nested(ShareReader.MaxDepth - 2));
        Assert.Equal(ShareReadStatus.Invalid, Nested(ShareReader.MaxDepth - 1));
        Assert.Equal(ShareReadStatus.Invalid, Nested(1_000_000));

        static ShareReadStatus Nested(int depth) => ShareReader.ReadShare(
            Sequence(Share($$"""
                             "metadata":{"title":"t","x":{{new string('[', depth)}}{{new string(']', depth)}}}
                             """)),
            3,
            keepsFileContent: true,
            out _);
    }

    [Fact]
    public void Noise_is_refused_and_never_throws()
    {
        var random = new Random(20260104);
        var bytes = Encoding.UTF8.GetBytes(Whole);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var noise = bytes.ToArray();
            for (var j = random.Next(1, 4); j > 0; j--)
            {
                noise[random.Next(noise.Length)] = (byte)random.Next(256);
            }

            var body = new ReadOnlySequence<byte>(noise);
            refused += ShareReader.ReadShare(body, 3, keepsFileContent: true, out _) == ShareReadStatus.Read ? 0 : 1;
            ShareReader.ReadWraps(body, 3, out _);
            ShareReader.TryReadRequest(body, out _);
            random.NextBytes(noise);
            Assert.Equal(ShareReadStatus.Invalid, ShareReader.ReadShare(body, 3, keepsFileContent: true, out _));
        }

        Assert.InRange(refused, 1_000, 19_999);
    }

    [Fact]
    public void An_answer_is_put_together_from_what_was_stored()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        var output = new ArrayBufferWriter<byte>();
        ShareWriter.WriteShare(
            output, new SharedCode("s", "a", "A \"B\"", at, at.AddDays(1), "c\n😀", "i", null, ["{\"x\" : 1},2", "3"], "{\"title\": \"\\u0041\"}"));
        Assert.Equal(
            """{"ver":1,"alg":"ECDH-P256+A256GCM","id":"s","authorId":"a","authorName":"A """
            + """\"B\"","createdAt":"2026-01-02T03:04:05.678Z","expiresAt":"2026-01-03T03:04:05.678Z","ciphertextB64u":"c\n😀","ivB64u":"i","aad":null"""
            + ""","wrappedKeys":[{"x" : 1},2,3],"metadata":{"title": "\u0041"}}""",
            Encoding.UTF8.GetString(output.WrittenSpan));

        output.Clear();
        ShareWriter.WriteList(
            output, [new ListedCode("s", "a", "A", at, null, "{}", []), new ListedCode("t", "b", "B", at, null, """{"t":1}""", null)], "7");
        Assert.Equal(
            """{"items":[{"id":"s","createdAt":"2026-01-02T03:04:05.678Z","authorId":"a","authorName":"A","metadata":{},"wrappedKeys":[]},"""
            + """{"id":"t","createdAt":"2026-01-02T03:04:05.678Z","authorId":"b","authorName":"B","metadata":{"t":1}}],"nextCursor":"7"}""",
            Encoding.UTF8.GetString(output.WrittenSpan));

        output.Clear();
        ShareWriter.WriteMissing(
            output, [new UnwrappedCode("s", "t", [new("u", "d", "{}", "f"), new("v", "e", "{}", "g")]), new UnwrappedCode("r", null, [])], null);
        Assert.Equal(
            """{"items":[{"id":"s","teamId":"t","recipients":[{"userId":"u","deviceId":"d","encryptionPublicKeyJwk":{},"fingerprint":"f"},"""
            + """{"userId":"v","deviceId":"e","encryptionPublicKeyJwk":{},"fingerprint":"g"}]},{"id":"r","recipients":[]}]}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.NotNull(JsonNode.Parse(output.WrittenSpan));
    }

    private static void Check(ShareBody share)
    {
        Assert.Equal(("Y3Qä\n/é😀", "AAAA", "a\"d"), (share.Ciphertext, share.Iv, share.Aad));
        Assert.Equal((Wraps, 3), (share.Wraps.Text, share.Wraps.Count));
        Assert.Equal([new WrapRecipient("u1", "d1"), new WrapRecipient("u2", "d1")], share.Wraps.Recipients);
        Assert.Equal("""{"title":"t \u00fc","more":{"b":[true,null,{}]},"teamId":"c1","z":"\ud800\u0000"}""", share.Metadata);
        Assert.Equal(("t ü", "c1", TimeSpan.FromMinutes(1), null), (share.Title, share.TeamId, share.Lifetime, share.ExpiresAt));
    }

    private static string Share(string members) => $$"""{"ciphertextB64u":"c","ivB64u":"i","wrappedKeys":[],{{members}}}""";

    private static string Wrapped(string wrap) => $$"""{"ciphertextB64u":"c","ivB64u":"i","wrappedKeys":[{{wrap}}]}""";

    private static ReadOnlySequence<byte> Sequence(string text) => new(Encoding.UTF8.GetBytes(text));

    private static ReadOnlySequence<byte> Sequence(params byte[][] parts)
    {
        Part? first = null;
        Part? last = null;
        foreach (var part in parts)
        {
            last = new Part(part, last);
            first ??= last;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(byte[] bytes, Part? previous)
        {
            Memory = bytes;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
