using System.Text;
using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls;

public sealed class CallsPseudonymsTests
{
    private readonly CallsPseudonyms _pseudonyms = new("a secret of the tests"u8);

    [Theory]
    [InlineData("bob")]
    [InlineData("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")]
    [InlineData("gerät 😀")]
    public void OneWhoLooksSeesTheSameNameEachTimeAndTheServerOpensIt(string deviceId)
    {
        var name = _pseudonyms.Create("alice", deviceId);
        Assert.Equal(name, new CallsPseudonyms("a secret of the tests"u8).Create("alice", deviceId));
        Assert.DoesNotContain(deviceId, name, StringComparison.Ordinal);
        Assert.True(_pseudonyms.TryOpen("alice", name, out var opened));
        Assert.Equal(deviceId, opened);
        Assert.True(_pseudonyms.IsPseudonym(name));
    }

    [Fact]
    public void EachPairHasNamesOfItsOwn()
    {
        string[] names =
        [
            _pseudonyms.Create("alice", "bob"), _pseudonyms.Create("carol", "bob"), _pseudonyms.Create("bob", "alice"),
            _pseudonyms.Create("alice", "bobby"), new CallsPseudonyms("another secret"u8).Create("alice", "bob"),
        ];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.False(_pseudonyms.TryOpen("carol", names[0], out _));
        Assert.True(_pseudonyms.IsPseudonym(names[1]));
        Assert.False(_pseudonyms.IsPseudonym(names[4]));
    }

    [Fact]
    public void TheLongestDeviceIdFits()
    {
        var longest = new string('€', CallsDeviceId.MaxLength);
        var name = _pseudonyms.Create("alice", longest);
        Assert.InRange(name.Length, 1, CallsPseudonyms.MaxLength);
        Assert.True(_pseudonyms.TryOpen("alice", name, out var opened));
        Assert.Equal(longest, opened);
    }

    [Fact]
    public void WhatIsCutAlteredOrRandomIsNoPseudonym()
    {
        var name = _pseudonyms.Create("alice", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff");
        for (var i = 0; i < name.Length; i++)
        {
            Assert.False(_pseudonyms.IsPseudonym(name[..i]));
            Assert.False(_pseudonyms.IsPseudonym(name[..i] + (name[i] == 'A' ? 'B' : 'A') + name[(i + 1)..]));
        }

        Assert.False(_pseudonyms.IsPseudonym(name + "="));
        Assert.False(_pseudonyms.IsPseudonym(new string('A', CallsPseudonyms.MaxLength + 4)));
        var random = new Random(11);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = new byte[random.Next(100)];
            random.NextBytes(bytes);
            Assert.False(_pseudonyms.IsPseudonym(Encoding.Latin1.GetString(bytes)));
            Assert.False(_pseudonyms.TryOpen("alice", Convert.ToBase64String(bytes), out _));
        }

        Assert.Throws<ArgumentException>(static () => new CallsPseudonyms([]));
    }
}
