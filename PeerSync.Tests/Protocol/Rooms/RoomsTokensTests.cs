using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Rooms;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Protocol.Rooms;

public sealed class RoomsTokensTests
{
    private const string Secret = "the-secret-of-the-token-tests-which-is-long-enough";

    private static readonly SigningKey Key = SigningKey.Hs256(Encoding.UTF8.GetBytes(Secret));

    private readonly ManualTimeProvider _time = new();
    private readonly RoomsTokens _tokens;

    public RoomsTokensTests() => _tokens = new RoomsTokens(Key, TimeSpan.FromHours(1), _time);

    [Fact]
    public void A_token_is_a_web_token_without_the_secret()
    {
        var token = _tokens.Issue("user:1", "room/ü", out var claims);
        Assert.StartsWith("eyJ", token, StringComparison.Ordinal);
        var parts = token.Split('.').Select(static part => Base64Url.DecodeFromChars(part)).ToArray();
        Assert.Equal(3, parts.Length);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"alg":"HS256","typ":"JWT"}"""), JsonNode.Parse(parts[0])));
        var payload = JsonNode.Parse(parts[1])!.AsObject();
        Assert.Equal(["aud", "exp", "iat", "jti", "room", "sub"], payload.Select(static m => m.Key).Order());
        Assert.Equal(("user:1", "room/ü", "octatecode", claims.TokenId), ((string)payload["sub"]!, (string)payload["room"]!, (string)payload["aud"]!, (string)payload["jti"]!));
        Assert.Equal(3600, (long)payload["exp"]! - (long)payload["iat"]!);
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds(), (long)payload["iat"]!);
        Assert.DoesNotContain(Secret, string.Concat(parts.Select(Encoding.Latin1.GetString)), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))[..20], token, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_valid_as_often_as_one_likes_until_it_ends()
    {
        var token = _tokens.Issue("u", "r", out var issued);
        var other = _tokens.Issue("u", "r", out _);
        Assert.NotEqual(token, other);
        Assert.Equal(RoomsTokenStatus.Valid, _tokens.Verify(token, out var claims));
        Assert.Equal(issued, claims);
        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(RoomsTokenStatus.Valid, _tokens.Verify(token, out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(RoomsTokenStatus.Expired, _tokens.Verify(token, out claims));
        Assert.Equal(issued, claims);
        Assert.Equal(RoomsTokenStatus.Expired, _tokens.Verify(token, out _));
    }

    [Fact]
    public void Names_cannot_be_shifted_into_each_other()
    {
        _tokens.Verify(_tokens.Issue("a:b", "c", out _), out var one);
        _tokens.Verify(_tokens.Issue("a", "b:c", out _), out var two);
        Assert.Equal(("a:b", "c", "a", "b:c"), (one!.UserId, one.RoomId, two!.UserId, two.RoomId));
    }

    [Fact]
    public void A_token_that_is_changed_or_cut_anywhere_is_invalid()
    {
        var token = _tokens.Issue("u", "r", out _);
        for (var i = 0; i < token.Length; i++)
        {
            AssertInvalid(token[..i]);
            foreach (var other in "A-.é")
            {
                // The last character of the signature has bits that mean nothing; they must be nought all the same.
                if (token[i] != other)
                {
                    AssertInvalid(string.Concat(token.AsSpan(0, i), [other], token.AsSpan(i + 1)));
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("bogus")]
    [InlineData("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJ1Iiwicm9vbSI6InIiLCJleHAiOjk5OTk5OTk5OTksImp0aSI6ImoiLCJhdWQiOiJvY3RhdGVjb2RlIn0.")]
    public void What_is_no_token_is_invalid(string token) => AssertInvalid(token);

    [Fact]
    public void A_token_of_another_secret_or_for_another_purpose_is_invalid()
    {
        AssertInvalid(new RoomsTokens(SigningKey.Hs256(Encoding.UTF8.GetBytes(Secret + "!")), TimeSpan.FromHours(1), _time).Issue("u", "r", out _));
        Assert.Equal(RoomsTokenStatus.Valid, _tokens.Verify(Signed(), out _));
        foreach (var (member, value) in new (string, string?)[] { ("aud", "\"other\""), ("aud", null), ("sub", null), ("room", null), ("room", "\"\""), ("room", "7"), ("jti", null), ("exp", null), ("exp", "\"x\"") })
        {
            AssertInvalid(Signed((member, value)));
        }
    }

    [Fact]
    public void Too_long_a_token_and_noise_are_invalid()
    {
        AssertInvalid(Signed(("x", $"\"{new string('x', RoomsTokens.MaxLength)}\"")));
        var random = new Random(17);
        for (var round = 0; round < 5000; round++)
        {
            var noise = new char[random.Next(80)];
            for (var i = 0; i < noise.Length; i++)
            {
                noise[i] = random.Next(4) == 0 ? '.' : (char)random.Next(1, 0x300);
            }

            AssertInvalid(new string(noise));
        }
    }

    [Fact]
    public void A_token_lives_a_second_at_least() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoomsTokens(Key, TimeSpan.FromMilliseconds(999), _time));

    private string Signed(params (string Member, string? Value)[] changes)
    {
        var members = new Dictionary<string, string?>
        {
            ["sub"] = "\"u\"",
            ["room"] = "\"r\"",
            ["exp"] = _time.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["jti"] = "\"j\"",
            ["aud"] = "\"octatecode\"",
        };
        foreach (var (member, value) in changes)
        {
            members[member] = value;
        }

        return TokenWriter.Write(Key, writer =>
        {
            foreach (var (member, value) in members.Where(static m => m.Value is not null))
            {
                writer.WritePropertyName(member);
                writer.WriteRawValue(value!);
            }
        });
    }

    private void AssertInvalid(string token)
    {
        Assert.Equal(RoomsTokenStatus.Invalid, _tokens.Verify(token, out var claims));
        Assert.Null(claims);
    }
}
