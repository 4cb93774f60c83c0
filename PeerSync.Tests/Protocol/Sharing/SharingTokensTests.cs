using System.Text;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Protocol.Sharing;

public sealed class SharingTokensTests
{
    private const string Secret = "a-jwt-secret-of-the-tests-with-more-than-32-bytes";
    private const string UserId = "cabcdefghijklmnopqrstuvw1";
    private const string SessionId = "cabcdefghijklmnopqrstuvw2";

    private readonly ManualTimeProvider _time = new();

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public void The_first_claims_are_those_of_the_original_and_ours_stand_behind_them()
    {
        var tokens = Create();

        Assert.Equal(
            ("""{"alg":"HS256","typ":"JWT"}""", $$"""{"iat":{{Now}},"exp":{{Now + 43_200}},"sub":"{{UserId}}","typ":"access","sid":"{{SessionId}}"}"""),
            Parts(tokens.IssueAccess(UserId, SessionId)));
        Assert.Equal(
            $$"""{"iat":{{Now}},"exp":{{Now + 2_592_000}},"sub":"{{UserId}}","typ":"refresh","sid":"{{SessionId}}","gen":7}""",
            Parts(tokens.IssueRefresh(UserId, SessionId, 7)).Claims);
    }

    [Fact]
    public void Each_kind_is_taken_in_its_own_place_alone()
    {
        var tokens = Create();
        var access = tokens.IssueAccess(UserId, SessionId);
        var refresh = tokens.IssueRefresh(UserId, SessionId, 3);

        Assert.True(tokens.TryVerify(access, SharingTokenKind.Access, out var claims));
        Assert.Equal((UserId, SessionId, 0L), (claims.UserId, claims.SessionId, claims.Generation));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(12), claims.ExpiresAt);
        Assert.True(tokens.TryVerify(refresh, SharingTokenKind.Refresh, out claims));
        Assert.Equal(3, claims.Generation);
        Assert.False(tokens.TryVerify(access, SharingTokenKind.Refresh, out _));
        Assert.False(tokens.TryVerify(refresh, SharingTokenKind.Access, out _));
    }

    [Fact]
    public void A_token_ends_to_the_second()
    {
        var tokens = Create();
        var access = tokens.IssueAccess(UserId, SessionId);

        _time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Assert.True(tokens.TryVerify(access, SharingTokenKind.Access, out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(tokens.TryVerify(access, SharingTokenKind.Access, out _));
    }

    [Theory]
    [InlineData("iat:0,exp:60,sub,typ,sid", true)]
    [InlineData("iat:0,exp:60,typ,sid", false)]
    [InlineData("iat:0,exp:60,sub,sid", false)]
    [InlineData("iat:0,exp:60,sub,typ", false)]
    [InlineData("iat:0,sub,typ,sid", false)]
    [InlineData("exp:60,sub,typ,sid", false)]
    [InlineData("iat:0,exp:0,sub,typ,sid", false)]
    [InlineData("iat:5,exp:60,sub,typ,sid", true)]
    [InlineData("iat:6,exp:60,sub,typ,sid", false)]
    [InlineData("iat:0,nbf:5,exp:60,sub,typ,sid", true)]
    [InlineData("iat:0,nbf:6,exp:60,sub,typ,sid", false)]
    public void A_token_needs_its_claims_and_has_begun_on_some_servers_clock(string claims, bool isTaken)
    {
        var members = claims.Split(',').Select(claim => claim.Split(':') switch
        {
            ["sub"] => $"\"sub\":\"{UserId}\"",
            ["typ"] => "\"typ\":\"access\"",
            ["sid"] => $"\"sid\":\"{SessionId}\"",
            [var name, var offset] => $"\"{name}\":{Now + long.Parse(offset, System.Globalization.CultureInfo.InvariantCulture)}",
            _ => throw new InvalidOperationException(claim),
        });
        var token = TokenWriter.Write(Key(Secret), Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}"));

        Assert.Equal(isTaken, Create(TimeSpan.FromSeconds(5)).TryVerify(token, SharingTokenKind.Access, out _));
    }

    [Fact]
    public void Nothing_that_was_changed_cut_or_made_up_is_taken()
    {
        var tokens = Create();
        var access = tokens.IssueAccess(UserId, SessionId);
        for (var i = 0; i < access.Length; i++)
        {
            Assert.False(tokens.TryVerify(access.AsSpan(0, i), SharingTokenKind.Access, out _));
            var changed = access.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            Assert.False(tokens.TryVerify(changed, SharingTokenKind.Access, out _));
        }

        var random = new Random(20_260_721);
        for (var i = 0; i < 1000; i++)
        {
            var text = new char[random.Next(300)];
            for (var j = 0; j < text.Length; j++)
            {
                text[j] = (char)random.Next(0x180);
            }

            Assert.False(tokens.TryVerify(text, SharingTokenKind.Access, out _));
        }

        Assert.False(tokens.TryVerify(access + new string('A', SharingTokens.MaxLength), SharingTokenKind.Access, out _));
        Assert.False(tokens.TryVerify("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + access.Split('.')[1] + ".", SharingTokenKind.Access, out _));
    }

    [Fact]
    public void Tokens_of_Calls_open_nothing_here_and_ours_nothing_there_though_both_have_one_secret()
    {
        var calls = new CallsTokens(Key(Secret), TimeSpan.FromMinutes(5), _time);
        var sharing = Create();

        Assert.False(sharing.TryVerify(calls.Issue(UserId), SharingTokenKind.Access, out _));
        Assert.False(sharing.TryVerify(calls.Issue(UserId), SharingTokenKind.Refresh, out _));
        Assert.NotEqual(CallsTokenStatus.Valid, calls.Verify(sharing.IssueAccess(UserId, SessionId), out _));
        Assert.NotEqual(CallsTokenStatus.Valid, calls.Verify(sharing.IssueRefresh(UserId, SessionId, 0), out _));
    }

    [Fact]
    public void What_would_need_an_escape_is_no_id()
    {
        var tokens = Create();

        Assert.Throws<ArgumentException>(() => tokens.IssueAccess("a\",\"typ\":\"access", SessionId));
        Assert.Throws<ArgumentException>(() => tokens.IssueAccess(UserId, string.Empty));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokens.IssueRefresh(UserId, SessionId, -1));
    }

    private static SigningKey Key(string secret) => SigningKey.Hs256(Encoding.UTF8.GetBytes(secret));

    private static (string Header, string Claims) Parts(string token)
    {
        var parts = token.Split('.');
        return (Text(parts[0]), Text(parts[1]));

        static string Text(string part) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(part));
    }

    private SharingTokens Create(TimeSpan skew = default) => new(Key(Secret), TimeSpan.FromHours(12), TimeSpan.FromDays(30), skew, _time);
}
