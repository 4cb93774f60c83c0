using System.Text;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Identity;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

public sealed class CallsTokensTests
{
    private const string Header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

    private readonly ManualTimeProvider _time = new();
    private readonly CallsTokens _tokens;

    public CallsTokensTests() => _tokens = new CallsTokens(Key("dev-jwt-secret"), TimeSpan.FromMinutes(5), _time);

    // Made with another implementation of RFC 7515, over the claims in the contract's order.
    [Theory]
    [InlineData(
        "smoke-a",
        "eyJzdWIiOiJzbW9rZS1hIiwiZGV2aWNlSWQiOiJzbW9rZS1hIiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjE3NjcyMjU5MDB9.tHeayEz88SpLM735SOdDO-_2TjAjWVQ0UMaee2odNmE")]
    [InlineData(
        "gerät \"\\ 😀",
        "eyJzdWIiOiJnZXLDpHQgXCJcXCDwn5iAIiwiZGV2aWNlSWQiOiJnZXLDpHQgXCJcXCDwn5iAIiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjE3NjcyMjU5MDB9.6_XGPndc-3fhW8on97WIl8mJwrTQhROhTzCvV_GEPaE")]
    public void ATokenIsTheOriginalsByteForByte(string deviceId, string rest)
    {
        var token = _tokens.Issue(deviceId);
        Assert.Equal($"{Header}.{rest}", token);
        Assert.Equal(token, _tokens.Issue(deviceId));
        Assert.Equal(CallsTokenStatus.Valid, _tokens.Verify(token, out var claims));
        Assert.Equal(new CallsTokenClaims(deviceId, false, _time.GetUtcNow(), _time.GetUtcNow().AddMinutes(5)), claims);
    }

    [Fact]
    public void ItEndsToTheSecond()
    {
        var token = _tokens.Issue("a");
        _time.Advance(TimeSpan.FromSeconds(299.999));
        Assert.Equal(CallsTokenStatus.Valid, _tokens.Verify(token, out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(CallsTokenStatus.Invalid, _tokens.Verify(token, out var claims));
        Assert.Null(claims);
    }

    [Fact]
    public void AModeratorsTokenSaysSo()
    {
        var token = _tokens.Issue("a", isModerator: true, TimeSpan.FromHours(1));
        Assert.Equal(CallsTokenStatus.Valid, _tokens.Verify(token, out var claims));
        Assert.True(claims!.IsModerator);
        Assert.Equal(_time.GetUtcNow().AddHours(1), claims.ExpiresAt);
    }

    [Theory]
    [InlineData("""{"sub":"a","iat":1767225600,"exp":1767225900}""", CallsTokenStatus.NoDevice)]
    [InlineData("""{"sub":"a","deviceId":"","iat":1767225600,"exp":1767225900}""", CallsTokenStatus.NoDevice)]
    [InlineData("""{"sub":"a","deviceId":7,"iat":1767225600,"exp":1767225900}""", CallsTokenStatus.NoDevice)]
    [InlineData("""{"sub":"a","deviceId":"a","iat":1767225600}""", CallsTokenStatus.Invalid)]
    [InlineData("""{"sub":"a","deviceId":"a","iat":1767225600,"exp":1767225600}""", CallsTokenStatus.Invalid)]
    [InlineData("""{"sub":"a","deviceId":"a","exp":1767225900,"mod":"true"}""", CallsTokenStatus.Valid)]
    [InlineData("""["a"]""", CallsTokenStatus.Invalid)]
    public void APayloadIsReadStrictly(string payload, CallsTokenStatus expected)
    {
        var token = TokenWriter.Write(Key("dev-jwt-secret"), Encoding.UTF8.GetBytes(payload));
        Assert.Equal(expected, _tokens.Verify(token, out var claims));
        Assert.True(claims is null or { IsModerator: false });
    }

    [Fact]
    public void OnlyTheServersKeyAndOneAlgorithmCount()
    {
        var other = new CallsTokens(Key("another-secret"), TimeSpan.FromMinutes(5), _time);
        Assert.Equal(CallsTokenStatus.Invalid, _tokens.Verify(other.Issue("a"), out _));
        var parts = _tokens.Issue("a").Split('.');
        foreach (var header in new[] { """{"alg":"none","typ":"JWT"}""", """{"alg":"HS512","typ":"JWT"}""", """{"alg":"HS384","typ":"JWT"}""" })
        {
            var encoded = System.Buffers.Text.Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header));
            Assert.Equal(CallsTokenStatus.Invalid, _tokens.Verify($"{encoded}.{parts[1]}.{parts[2]}", out _));
            Assert.Equal(CallsTokenStatus.Invalid, _tokens.Verify($"{encoded}.{parts[1]}.", out _));
        }
    }

    [Fact]
    public void WhatIsCutAlteredOrRandomIsRefused()
    {
        var token = _tokens.Issue("device-with-a-name");
        for (var i = 0; i < token.Length; i++)
        {
            Assert.Equal(CallsTokenStatus.Invalid, _tokens.Verify(token.AsSpan(0, i), out _));
            var altered = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Equal(CallsTokenStatus.Invalid, _tokens.Verify(altered, out _));
        }

        Assert.Equal(CallsTokenStatus.Invalid, _tokens.Verify(new string('a', CallsTokens.MaxLength + 1), out _));
        var random = new Random(7);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Assert.Equal(CallsTokenStatus.Invalid, _tokens.Verify(Encoding.Latin1.GetString(bytes), out _));
        }
    }

    [Theory]
    [InlineData("5m", 300)]
    [InlineData("90", 90)]
    [InlineData("2H", 7200)]
    [InlineData("7d", 604_800)]
    [InlineData("30S", 30)]
    [InlineData("2500ms", 2)]
    [InlineData("10ms", 1)]
    [InlineData("0", 1)]
    [InlineData("15 minutes", 15)]
    [InlineData("soon", 300)]
    [InlineData("", 300)]
    [InlineData("99999999999999999999d", 3_153_600_000)]
    public void ALifetimeIsReadAsTheOriginalReadsIt(string text, long seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), CallsTokenLifetime.Parse(text));

    [Fact]
    public void ADeviceIdHasLimits()
    {
        Assert.True(CallsDeviceId.IsValid(new string('a', 128)));
        foreach (var id in new[] { null, string.Empty, new string('a', 129), "a\n", "\uD800" })
        {
            Assert.False(CallsDeviceId.IsValid(id));
            if (id is not null)
            {
                Assert.Throws<ArgumentException>(() => _tokens.Issue(id));
            }
        }
    }

    private static SigningKey Key(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        Array.Resize(ref bytes, Math.Max(bytes.Length, VerificationKey.MinSecretLength));
        return SigningKey.Hs256(bytes);
    }
}
