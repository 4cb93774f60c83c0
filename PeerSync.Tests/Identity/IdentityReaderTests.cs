using System.Text;
using PeerSync.Actors.Identity;
using PeerSync.Host.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Identity;

public sealed class IdentityReaderTests
{
    // Recorded from the original (Peers contract, section 4.3): claims, then the answer of the verification endpoint.
    [Theory]
    [InlineData(
        """{"email":"alice@example.test","role":"authenticated","app_metadata":{"provider":"github"},"user_metadata":{"full_name":"Alice"}}""",
        "alice@example.test", "Alice", "github", "authenticated")]
    [InlineData(
        """{"email":"bob@example.test","role":"authenticated","app_metadata":{"provider":"magiclink"},"user_metadata":{"name":"Bobby"}}""",
        "bob@example.test", "Bobby", "magiclink", "authenticated")]
    [InlineData(
        """{"email":"bob@example.test","role":"authenticated","app_metadata":{"provider":"gitlab"},"user_metadata":{"preferred_username":"bobnick"}}""",
        "bob@example.test", "bobnick", "gitlab", "authenticated")]
    [InlineData("""{"email":"bob@example.test","role":"authenticated"}""", "bob@example.test", "bob", "email", "authenticated")]
    [InlineData("{}", "", "User", "email", null)]
    public void Says_what_the_original_said(string payload, string email, string displayName, string provider, string? role)
    {
        var identity = Read(payload);
        Assert.NotNull(identity);
        Assert.Equal(email, identity.Email);
        Assert.Equal(displayName, identity.VerifiedDisplayName);
        Assert.Equal(provider, identity.Provider);
        Assert.Equal(role is null ? [] : [role], identity.Roles);
    }

    [Theory]
    [InlineData("\"full_name\":\"F\",\"name\":\"N\",\"preferred_username\":\"P\"", "a@b", "F", "F")]
    [InlineData("\"full_name\":\"\",\"name\":\"N\",\"preferred_username\":\"P\"", "a@b", "N", "N")]
    [InlineData("\"full_name\":\"\",\"name\":\"\",\"preferred_username\":\"P\"", "a@b", "a", "P")]
    [InlineData("\"full_name\":5,\"name\":[\"x\",{}],\"preferred_username\":null", "a@b", "a", "a")]
    [InlineData("\"full_name\":\"\\ud800\",\"name\":\"N\"", "a@b", "N", "N")]
    [InlineData("\"full_name\":\"a\\u0000b\",\"name\":\"N\"", "a@b", "N", "N")]
    [InlineData("\"full_name\":\"\\ud83d\\ude00 \\u00e9\"", "a@b", "😀 é", "😀 é")]
    [InlineData("", "plain", "plain", "plain")]
    [InlineData("", "@b", "User", "User")]
    [InlineData("", "", "User", "User")]
    public void The_display_name_falls_back_step_by_step(string metadata, string email, string displayName, string verifiedDisplayName)
    {
        var identity = Read($$$"""{"email":"{{{email}}}","user_metadata":{{{{metadata}}}}}""");
        Assert.NotNull(identity);
        Assert.Equal(displayName, identity.DisplayName);
        Assert.Equal(verifiedDisplayName, identity.VerifiedDisplayName);
    }

    [Theory]
    [InlineData("github", "github")]
    [InlineData("google", "google")]
    [InlineData("linkedin", "linkedin")]
    [InlineData("magiclink", "otp")]
    [InlineData("phone", "otp")]
    [InlineData("email", "email")]
    [InlineData("gitlab", "email")]
    [InlineData("GitHub", "email")]
    [InlineData("", "email")]
    public void The_stored_provider_is_one_of_five(string provider, string stored) =>
        Assert.Equal(stored, Read($$$"""{"app_metadata":{"providers":["x"],"provider":"{{{provider}}}"}}""")?.StoredProvider);

    [Theory]
    [InlineData("\"avatar_url\":\"A\",\"picture\":\"P\"", "A")]
    [InlineData("\"avatar_url\":\"\",\"picture\":\"P\"", "P")]
    [InlineData("\"avatar_url\":7", null)]
    public void The_avatar_is_one_of_two(string metadata, string? avatar) => Assert.Equal(avatar, Read($$$"""{"user_metadata":{{{{metadata}}}}}""")?.AvatarUrl);

    [Theory]
    [InlineData("""{"email":5,"role":["x"],"app_metadata":"x","user_metadata":[{"full_name":"x"}]}""")]
    [InlineData("""{"email":null,"role":null,"app_metadata":null,"user_metadata":null}""")]
    [InlineData("""{"email":{"email":"x"},"role":{"role":"x"},"app_metadata":{"provider":{"provider":"x"}},"user_metadata":{"name":{"name":"x"}}}""")]
    [InlineData("""{"name":"x","roles":["x"],"full_name":"x","provider":"x","other":{"email":"x"}}""")]
    public void Wrong_types_and_places_count_as_absent(string payload)
    {
        var identity = Read(payload);
        Assert.NotNull(identity);
        Assert.Equal("User", identity.VerifiedDisplayName);
        Assert.Equal(string.Empty, identity.Email);
        Assert.Equal("email", identity.Provider);
        Assert.Empty(identity.Roles);
    }

    [Theory]
    [InlineData("""{"email":"a","email":"b"}""")]
    [InlineData("""{"email":"a","\u0065mail":"b"}""")]
    [InlineData("""{"email":5,"email":5}""")]
    [InlineData("""{"role":"a","role":"b"}""")]
    [InlineData("""{"app_metadata":{},"app_metadata":{}}""")]
    [InlineData("""{"app_metadata":{"provider":"a","provider":"b"}}""")]
    [InlineData("""{"user_metadata":1,"user_metadata":{}}""")]
    [InlineData("""{"user_metadata":{"full_name":"a","full_name":"b"}}""")]
    [InlineData("""{"user_metadata":{"picture":"a","picture":"b"}}""")]
    public void A_member_that_is_read_may_stand_there_once(string payload) => Assert.Null(Read(payload));

    [Fact]
    public void Very_long_text_counts_as_absent()
    {
        Assert.Equal(2048, Read($$$"""{"user_metadata":{"name":"{{{new string('n', 2048)}}}"}}""")?.DisplayName.Length);
        Assert.Equal("User", Read($$$"""{"user_metadata":{"name":"{{{new string('n', 2049)}}}"}}""")?.DisplayName);
    }

    private static VerifiedIdentity? Read(string payload) =>
        IdentityReader.TryRead(Encoding.UTF8.GetBytes(payload), TokenClaimsKind.Supabase, new UserId("u"), DateTimeOffset.UnixEpoch, out var identity) ? identity : null;
}
