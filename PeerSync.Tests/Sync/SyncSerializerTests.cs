using System.Text;
using PeerSync.Actors.Sync;

namespace PeerSync.Tests.Sync;

public sealed class SyncSerializerTests
{
    private static readonly SyncSerializer Serializer = new();

    private static readonly EventStored Stored = new(
        Guid.CreateVersion7(), Guid.NewGuid(), (1L << 53) - 1, "clipboard:main", 42, 1_800_000_000_123, Encoding.UTF8.GetBytes("""{"a":"é"}"""));

    [Fact]
    public void AnEventSurvivesTheRoundTrip()
    {
        foreach (var stored in new[] { Stored, Stored with { StreamId = new string('x', 256), Ttl = long.MaxValue, DeviceSeq = 1, Json = default } })
        {
            var bytes = Serializer.ToBinary(stored);
            var again = Assert.IsType<EventStored>(Serializer.FromBinary(bytes, Serializer.Manifest(stored)));
            Assert.Equal(stored with { Json = default }, again with { Json = default });
            Assert.Equal(stored.Json.ToArray(), again.Json.ToArray());
        }
    }

    [Fact]
    public void WhatAReplayNeedsIsReadWithoutTheRest()
    {
        var bytes = Serializer.ToBinary(Stored);
        var manifest = Serializer.Manifest(Stored);
        Assert.Equal(Stored.Json.ToArray(), SyncSerializer.JsonOf(manifest, bytes).ToArray());
        Assert.Equal(Stored.DeviceSeq, SyncSerializer.DeviceSeqOf(manifest, bytes));
        Assert.Equal(Stored.DeviceId, SyncSerializer.DeviceOf(manifest, bytes));
        Assert.Equal(Stored.Ttl, SyncSerializer.TtlOf(manifest, bytes));

        var joined = Serializer.ToBinary(new DeviceJoined(Stored.DeviceId));
        var other = Serializer.Manifest(new DeviceJoined(Stored.DeviceId));
        Assert.True(SyncSerializer.JsonOf(other, joined).IsEmpty);
        Assert.Equal(
            (0, Guid.Empty, long.MaxValue),
            (SyncSerializer.DeviceSeqOf(other, joined), SyncSerializer.DeviceOf(other, joined), SyncSerializer.TtlOf(other, joined)));
    }

    [Fact]
    public void AJoinSurvivesTheRoundTrip()
    {
        var joined = new DeviceJoined(Guid.NewGuid());
        Assert.Equal(joined, Serializer.FromBinary(Serializer.ToBinary(joined), Serializer.Manifest(joined)));
    }

    [Fact]
    public void ItsNumberAndItsManifestsAreFixedForGood()
    {
        Assert.Equal(4001, Serializer.Identifier);
        Assert.Equal("e1", Serializer.Manifest(Stored));
        Assert.Equal("j1", Serializer.Manifest(new DeviceJoined(Guid.Empty)));
        Assert.Equal("s1", Serializer.Manifest(SyncUserSnapshot.Of(new SyncUserState())));
        Assert.Equal([typeof(EventStored), typeof(DeviceJoined), typeof(SyncUserSnapshot)], SyncSerializer.Types.ToArray());
        Assert.Throws<ArgumentException>(() => Serializer.Manifest("text"));
        Assert.Throws<ArgumentException>(() => Serializer.ToBinary("text"));
        Assert.Throws<FormatException>(() => Serializer.FromBinary([], "e2"));
    }

    [Fact]
    public void AnEventsFormIsFixedForGood()
    {
        var stored = new EventStored(
            Guid.Parse("00112233-4455-7677-8899-aabbccddeeff"), Guid.Parse("ffeeddcc-bbaa-4988-b766-554433221100"), 2, "a:b", 3, 4, Encoding.UTF8.GetBytes("{}"));
        Assert.Equal(
            "33221100554477768899aabbccddeeff" + "ccddeeffaabb8849b766554433221100" + "0200000000000000" + "0300000000000000" + "0400000000000000" + "0300" + "613a62" + "7b7d",
            Convert.ToHexStringLower(Serializer.ToBinary(stored)));
    }

    [Fact]
    public void AnEventThatIsCutOffAnywhereBeforeItsJsonIsAFormatError()
    {
        var bytes = Serializer.ToBinary(Stored);
        for (var length = 0; length < bytes.Length - Stored.Json.Length; length++)
        {
            var cut = bytes[..length];
            Assert.Throws<FormatException>(() => Serializer.FromBinary(cut, "e1"));
            Assert.Throws<FormatException>(() => SyncSerializer.JsonOf("e1", cut));
        }
    }

    [Fact]
    public void AJoinOfAnotherLengthIsAFormatError() =>
        Assert.All(Enumerable.Range(0, 40).Where(static length => length != 16), static length => Assert.Throws<FormatException>(() => Serializer.FromBinary(new byte[length], "j1")));

    [Fact]
    public void StatesSurviveTheRoundTrip()
    {
        var random = new Random(4711);
        for (var i = 0; i < 50; i++)
        {
            var state = RandomState(random, devices: i % 6, events: i * 3);
            AssertEqual(state, RoundTrip(state));
        }
    }

    [Fact]
    public void AStateIsWrittenWithoutWhatIsToBeForgotten()
    {
        var state = RandomState(new Random(1), devices: 3, events: 20);
        var written = SyncUserSnapshot.Of(state, forgetUpTo: 12).Restore();
        state.Forget(12);
        Assert.NotEmpty(state.Events);
        AssertEqual(state, written);
    }

    [Fact]
    public void AStateThatIsCutOffAnywhereOrHasMoreBehindItIsAFormatError()
    {
        var bytes = SyncUserSnapshot.Of(RandomState(new Random(2), devices: 3, events: 10)).Encoded;
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<FormatException>(() => new SyncUserSnapshot(bytes[..length]).Restore());
        }

        Assert.Throws<FormatException>(() => new SyncUserSnapshot([.. bytes, 0]).Restore());
    }

    [Fact]
    public void AStateThatIsDamagedAnywhereIsReadOrAFormatErrorAndNothingElse()
    {
        var random = new Random(3);
        var bytes = SyncUserSnapshot.Of(RandomState(random, devices: 3, events: 10)).Encoded;
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var value in new byte[] { 0, 1, 0x7f, 0x80, 0xff, (byte)random.Next(256) })
            {
                byte[] damaged = [.. bytes];
                damaged[i] = value;
                AssertIsReadOrFormatError(() => new SyncUserSnapshot(damaged).Restore());
            }
        }
    }

    [Fact]
    public void RandomBytesAreReadOrAFormatErrorAndNothingElse()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(120)];
            random.NextBytes(bytes);

            // Small counts lead further into the reader.
            for (var at = 0; at + 4 <= bytes.Length && at < 12; at += 4)
            {
                bytes[at + 1] = bytes[at + 2] = 0;
                bytes[at + 3] = (byte)(random.Next(8) == 0 ? 0xff : 0);
                bytes[at] = (byte)random.Next(3);
            }

            AssertIsReadOrFormatError(() => new SyncUserSnapshot(bytes).Restore());
            foreach (var manifest in new[] { "e1", "j1", "s1", "x" })
            {
                AssertIsReadOrFormatError(() => Serializer.FromBinary(bytes, manifest));
            }

            AssertIsReadOrFormatError(() => SyncSerializer.JsonOf("e1", bytes));
            SyncSerializer.DeviceSeqOf("e1", bytes);
            SyncSerializer.DeviceOf("e1", bytes);
            SyncSerializer.TtlOf("e1", bytes);
        }
    }

    private static void AssertIsReadOrFormatError(Action read)
    {
        try
        {
            read();
        }
        catch (FormatException)
        {
            // The only way in which it may fail.
        }
    }

    private static SyncUserState RoundTrip(SyncUserState state)
    {
        var snapshot = SyncUserSnapshot.Of(state);
        return Assert.IsType<SyncUserSnapshot>(Serializer.FromBinary(Serializer.ToBinary(snapshot), Serializer.Manifest(snapshot))).Restore();
    }

    private static SyncUserState RandomState(Random random, int devices, int events)
    {
        var state = new SyncUserState();
        Guid[] ids = [.. Enumerable.Range(0, devices).Select(static _ => Guid.NewGuid())];
        for (var i = 0; i < events && devices > 0; i++)
        {
            var stream = "stream:" + random.Next(4);
            state.Add(i + 1, Guid.CreateVersion7(), ids[random.Next(devices)], 1 + random.NextInt64(50), stream, state.NextStreamSeq(stream));
        }

        return state;
    }

    private static void AssertEqual(SyncUserState expected, SyncUserState actual)
    {
        Assert.Equal(expected.Events.Order(ByKey<long>()), actual.Events.Order(ByKey<long>()));
        Assert.Equal(expected.Positions.Order(ByKey<long>()), actual.Positions.Order(ByKey<long>()));
        Assert.Equal(expected.Streams.OrderBy(static stream => stream.Key), actual.Streams.OrderBy(static stream => stream.Key));
        Assert.Equal(expected.Devices.Keys.Order(), actual.Devices.Keys.Order());
        Assert.All(expected.Devices, device => Assert.Equal(device.Value.Intervals, actual.Devices[device.Key].Intervals));
    }

    private static Comparer<KeyValuePair<Guid, T>> ByKey<T>() => Comparer<KeyValuePair<Guid, T>>.Create(static (x, y) => x.Key.CompareTo(y.Key));
}
