using System.Text;
using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls;

/// <summary>The token in the payload of a socket's CONNECT.</summary>
public sealed class CallsJoinTokenTests
{
    private const string Payload = """{"other":[1,{"token":"Bearer no"}],"token":"Bearer a.b\u002Ec"}""";

    [Theory]
    [InlineData(Payload, "a.b.c")]
    [InlineData("""{"token":"Bearer "}""", "")]
    [InlineData("""{"token":"Bearer  x"}""", " x")]
    [InlineData("""{"token":"bearer x"}""", null)]
    [InlineData("""{"token":"x"}""", null)]
    [InlineData("""{"token":["Bearer x"]}""", null)]
    [InlineData("""{"token":null}""", null)]
    [InlineData("{}", null)]
    [InlineData("", null)]
    [InlineData("[]", null)]
    public void OnlyABearerTokenCounts(string payload, string? token) => Assert.Equal(token, CallsReader.ReadToken(Encoding.UTF8.GetBytes(payload)));

    [Fact]
    public void NothingThatIsSentThrows()
    {
        var bytes = Encoding.UTF8.GetBytes(Payload);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(CallsReader.ReadToken(bytes.AsSpan(0, length)));
        }

        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var noise = bytes.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                noise[random.Next(noise.Length)] = (byte)random.Next(256);
            }

            CallsReader.ReadToken(noise);
        }
    }
}
