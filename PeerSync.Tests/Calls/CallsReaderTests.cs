using System.Text;
using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls;

/// <summary>The rules of arguments, worded as the original's answers were recorded.</summary>
public sealed class CallsReaderTests
{
    private const string NoSession =
        "sessionId must be shorter than or equal to 100 characters, sessionId must be longer than or equal to 1 characters, sessionId must be a string";

    private const string NoType = "type must be one of the following values: offer, answer, candidate";

    private static readonly string Long = new('s', 101);

    public static TheoryData<string, string, string> Broken { get; } = new()
    {
        { "join-queue", """{"gender":"x"}""", "gender must be one of the following values: male, female, other, prefer_not_to_say" },
        { "join-queue", """{"genderPreference":"other"}""", "genderPreference must be one of the following values: any, male, female" },
        { "join-queue", $$"""{"region":"{{new string('r', 51)}}"}""", "region must be shorter than or equal to 50 characters" },
        { "join-queue", """{"language":"lllllllllll"}""", "language must be shorter than or equal to 10 characters" },
        { "join-queue", $$"""{"interests":["{{new string('i', 31)}}"]}""", "each value in interests must be shorter than or equal to 30 characters" },
        { "join-queue", """{"interests":"gaming"}""", "interests must be an array" },
        { "join-queue", """{"interests":["a",5,{"b":[1]}]}""", "each value in interests must be shorter than or equal to 30 characters, each value in interests must be a string" },
        { "join-queue", $"{{\"interests\":[{string.Join(',', Enumerable.Range(0, 21).Select(static i => $"\"{i}\""))}]}}", "interests must contain no more than 20 elements" },
        { "join-queue", """{"queueType":"x"}""", "queueType must be one of the following values: casual, serious, language, gaming" },
        { "join-queue", """{"nativeLanguage":"nnnnnnnnnnn"}""", "nativeLanguage must be shorter than or equal to 10 characters" },
        { "join-queue", """{"learningLanguage":5}""", "learningLanguage must be shorter than or equal to 10 characters, learningLanguage must be a string" },
        { "join-queue", """{"preferences":"p"}""", "preferences must be an object" },
        { "join-queue", """{"foo":1}""", "property foo should not exist" },
        { "join-queue", """{"gender":"x","b":{},"a":[],"b":1}""", "property b should not exist; property a should not exist; gender must be one of the following values: male, female, other, prefer_not_to_say" },
        { "send-offer", "{}", $"{NoSession}; {NoType}, type must be a string; data must be an object" },
        { "send-offer", "", $"{NoSession}; {NoType}, type must be a string; data must be an object" },
        { "send-offer", "null", $"{NoSession}; {NoType}, type must be a string; data must be an object" },
        { "send-offer", """{"sessionId":"s","type":"offer","data":"str"}""", "data must be an object" },
        { "send-answer", """{"sessionId":"s","type":"offer","data":[1]}""", "data must be an object" },
        { "send-offer", $$$"""{"sessionId":"{{{Long}}}","type":"bogus","data":{}}""", $"sessionId must be shorter than or equal to 100 characters; {NoType}" },
        { "send-candidate", """{"sessionId":"s","type":"offer","data":{},"extra":1}""", "property extra should not exist" },
        { "send-message", """{"sessionId":"s","message":"","timestamp":1}""", "message must be longer than or equal to 1 characters" },
        { "send-message", """{"sessionId":"s","message":" <b></b> ","timestamp":1}""", "message must be longer than or equal to 1 characters" },
        { "send-message", $$"""{"sessionId":"s","message":"{{new string('m', 2001)}}","timestamp":1}""", "message must be shorter than or equal to 2000 characters" },
        { "send-message", """{"sessionId":"s","message":"hi"}""", "timestamp must be a number conforming to the specified constraints" },
        { "send-message", """{"sessionId":"s","message":"hi","timestamp":1e999}""", "timestamp must be a number conforming to the specified constraints" },
        { "send-message", """{"sessionId":"s","message":"hi","timestamp":"soon"}""", "timestamp must be a number conforming to the specified constraints" },
        { "send-message", $$"""{"sessionId":"s","message":"hi","sender":"{{new string('s', 51)}}","timestamp":1}""", "sender must be shorter than or equal to 50 characters" },
        { "send-reaction", """{"sessionId":"s","emoji":"x","timestamp":1}""", "emoji must be a valid emoji character" },
        { "end-call", "", NoSession },
        { "end-call", """{"sessionId":""}""", "sessionId must be longer than or equal to 1 characters" },
        { "get-match-details", "[]", NoSession },
        { "connection-status", """{"sessionId":"s","status":"maybe"}""", "status must be one of the following values: connected, failed" },
        { "connection-status", """{"sessionId":"s","status":"failed","connectionTime":"x"}""", "connectionTime must be a number conforming to the specified constraints" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void ABrokenRuleIsNamedAsTheOriginalNamesIt(string name, string argument, string rules)
    {
        var error = CallsArguments.Read(name, argument);
        Assert.Equal(new CallsError("VALIDATION_FAILED", "Validation failed: " + rules, IsException: true), error);
        Assert.Equal("exception", error!.EventName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("\"str\"")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"gender":"","region":"","language":null,"interests":null,"preferences":{"a":[1]}}""")]
    public void AJoinWithoutWishesHasTheDefaults(string argument)
    {
        Assert.True(CallsReader.TryReadJoinQueue(Encoding.UTF8.GetBytes(argument), out var join, out _));
        Assert.Equal(new JoinRequest("global", "en", CallsGender.Unknown, GenderPreference.Any, [], QueueType.Casual, null, null), join);
    }

    [Fact]
    public void AJoinIsReadWhole()
    {
        var argument = """
            { "region": "europe", "language": "de", "gender": "prefer_not_to_say", "genderPreference": "female", "interests": ["b", "\u0061", "b", ""], "queueType": "language",
              "nativeLanguage": "de", "learningLanguage": "fr", "preferences": {} }
            """u8;
        Assert.True(CallsReader.TryReadJoinQueue(argument, out var join, out _));
        Assert.Equal(
            new JoinRequest("europe", "de", CallsGender.PreferNotToSay, GenderPreference.Female, ["b", "a"], QueueType.Language, "de", "fr"),
            join);
    }

    [Fact]
    public void PairsCountAsOneCharacter()
    {
        var region = string.Concat(Enumerable.Repeat("\U0001F600", 50));
        Assert.Null(CallsArguments.Read("join-queue", $$"""{"region":"{{region}}"}"""));
        Assert.NotNull(CallsArguments.Read("join-queue", $$"""{"region":"{{region}}x"}"""));
    }

    [Theory]
    [InlineData(" { \"data\" : 1, \"sessionId\":\"s\",\"type\":\"answer\", \"data\":{\"sdp\":\"\\u00e9\\n\",\"x\":[{}]} } ")]
    [InlineData("{\"data\":{\"sdp\":\"\\u00e9\\n\",\"x\":[{}]},\"sessionId\":\"s\",\"type\":\"candidate\"}")]
    public void ASignalsDataIsFoundAsItWasSent(string argument)
    {
        var json = Encoding.UTF8.GetBytes(argument);
        Assert.True(CallsReader.TryReadSignal(json, CallsClientEvent.SendOffer, out var signal, out _));
        Assert.Equal("s", signal.SessionId);
        Assert.Equal("{\"sdp\":\"\\u00e9\\n\",\"x\":[{}]}", Encoding.UTF8.GetString(json[signal.Data]));
    }

    [Theory]
    [InlineData("send-offer", CallsReader.MaxDescriptionLength)]
    [InlineData("send-answer", CallsReader.MaxDescriptionLength)]
    [InlineData("send-candidate", CallsReader.MaxCandidateLength)]
    public void ASignalMayBeOnlySoLong(string name, int limit)
    {
        string Argument(int length) => $$$"""{"sessionId":"s","type":"offer","data":{"x":"{{{new string('x', length - """{"x":""}""".Length)}}}"}}""";
        Assert.Null(CallsArguments.Read(name, Argument(limit)));
        Assert.Equal(CallsError.SignalTooLarge, CallsArguments.Read(name, Argument(limit + 1)));
    }

    [Fact]
    public void AMessageIsSanitisedAndItsTimeMayBeText()
    {
        var argument = """{"sessionId":"s","message":"  <b>bold</b> <script>alert(1)</script> javascript:x onclick= y 1 < 2 > 0 ","sender":"<i>Al</i>","timestamp":"17"}"""u8;
        Assert.True(CallsReader.TryReadMessage(argument, out var message, out _));
        Assert.Equal(new CallsMessage("s", "bold  x  y 1  0", "Al", 17), message);
    }

    [Fact]
    public void OtherEventsAreReadWhole()
    {
        Assert.True(CallsReader.TryReadReaction("""{"sessionId":"s","emoji":"👍🏽","timestamp":1.5}"""u8, out var reaction, out _));
        Assert.Equal(new CallsReaction("s", "👍🏽", 1.5), reaction);
        Assert.True(CallsReader.TryReadEndCall("""{"sessionId":"s","wasSkipped":true,"more":1}"""u8, out var end, out _));
        Assert.Equal(new EndCall("s", true), end);
        Assert.True(CallsReader.TryReadEndCall("""{"sessionId":"s"}"""u8, out end, out _));
        Assert.Equal(new EndCall("s", false), end);
        Assert.True(CallsReader.TryReadMatchDetails("""{"sessionId":"s"}"""u8, out var sessionId, out _));
        Assert.Equal("s", sessionId);
        Assert.True(CallsReader.TryReadConnectionStatus("""{"sessionId":"s","status":"connected","connectionTime":250}"""u8, out var status, out _));
        Assert.Equal(new ConnectionStatus("s", true, 250), status);
        Assert.True(CallsReader.TryReadConnectionStatus("""{"sessionId":"s","status":"failed"}"""u8, out status, out _));
        Assert.Equal(new ConnectionStatus("s", false, null), status);
    }

    [Fact]
    public void EveryNameIsKnownAndNoOther()
    {
        foreach (var known in Enum.GetValues<CallsClientEvent>().Except([CallsClientEvent.Unknown]))
        {
            var name = string.Concat(known.ToString().Select(static (letter, i) => (i > 0 && char.IsUpper(letter) ? "-" : "") + char.ToLowerInvariant(letter)));
            Assert.Equal(known, CallsEventNames.Parse(name));
        }

        Assert.Equal(CallsClientEvent.Unknown, CallsEventNames.Parse("no-such-event"));
        Assert.Equal(CallsClientEvent.Unknown, CallsEventNames.Parse("Join-Queue"));
    }
}
