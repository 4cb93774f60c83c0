using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using PeerSync.Host.Http;

namespace PeerSync.Tests.Http;

public sealed class ClientAddressesTests
{
    private static readonly IPNetwork[] Proxies = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")];

    [Theory]
    [InlineData("203.0.113.5", null, "203.0.113.5")]
    [InlineData("::ffff:203.0.113.5", null, "203.0.113.5")]
    [InlineData("203.0.113.5", "198.51.100.1", "203.0.113.5")] // not a proxy: its header is a claim
    [InlineData("10.0.0.1", null, "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1")] // the left one was sent by the client
    [InlineData("10.0.0.1", "198.51.100.1,10.0.0.2 , 10.0.0.3", "198.51.100.1")]
    [InlineData("10.0.0.1", "10.0.0.9, 10.0.0.2", "10.0.0.9")]
    [InlineData("10.0.0.1", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("10.0.0.1", "[2001:db8::1]", "2001:db8::1")]
    [InlineData("fd00::1", "2001:db8::1", "2001:db8::1")]
    [InlineData("10.0.0.1", "unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.1, garbage, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "198.51.100.1,", "10.0.0.1")]
    [InlineData("10.0.0.1", "999.1.1.1", "10.0.0.1")]
    public void OnlyTrustedProxiesAreBelieved(string remote, string? forwardedFor, string expected)
    {
        var addresses = new ClientAddresses(Proxies);
        Assert.Equal(IPAddress.Parse(expected), addresses.Find(IPAddress.Parse(remote), forwardedFor));
    }

    [Theory]
    [InlineData("203.0.113.5", "203.0.113.5", true)]
    [InlineData("203.0.113.5", "::ffff:203.0.113.5", true)]
    [InlineData("203.0.113.5", "203.0.113.6", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%1", "fe80::1%2", true)]
    [InlineData("0.0.0.0", "::", false)]
    public void HashesAreEqualWhereTheClientIs(string one, string other, bool equal)
    {
        var addresses = new ClientAddresses([]);
        Assert.Equal(equal, HashOf(addresses, one) == HashOf(addresses, other));
    }

    [Fact]
    public void AHashTellsNothing()
    {
        var hash = HashOf(new ClientAddresses([]), "203.0.113.5");
        Assert.Matches("^[0-9a-f]{32}$", hash);
        Assert.NotEqual(hash, HashOf(new ClientAddresses([]), "203.0.113.5"));
    }

    [Fact]
    public void AnUnknownAddressIsItsOwnClient()
    {
        var addresses = new ClientAddresses([]);
        Assert.Equal(addresses.Hash(null, "1.2.3.4"), addresses.Hash(new DnsEndPoint("localhost", 1), null));
        Assert.NotEqual(addresses.Hash(null, null), HashOf(addresses, "0.0.0.0"));
    }

    [Fact]
    public void ARequestIsHashedAsItsConnectionWouldBe()
    {
        var addresses = new ClientAddresses(Proxies);
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.1");
        context.Request.Headers.Append("X-Forwarded-For", "1.2.3.4");
        context.Request.Headers.Append("X-Forwarded-For", "198.51.100.1, 10.0.0.2");
        Assert.Equal(HashOf(addresses, "198.51.100.1"), addresses.Hash(context));
    }

    [Fact]
    public void AnyHeaderIsSurvived()
    {
        var addresses = new ClientAddresses(Proxies);
        var random = new Random(20_260_102);
        const string symbols = "0123456789abcdef:.,[] %\u00e9x";
        for (var i = 0; i < 20_000; i++)
        {
            var header = new StringBuilder();
            for (var length = random.Next(60); length > 0; length--)
            {
                header.Append(symbols[random.Next(symbols.Length)]);
            }

            Assert.NotNull(addresses.Find(IPAddress.Parse("10.0.0.1"), header.ToString()));
        }
    }

    private static string HashOf(ClientAddresses addresses, string address) => addresses.Hash(new IPEndPoint(IPAddress.Parse(address), 4711), null);
}
