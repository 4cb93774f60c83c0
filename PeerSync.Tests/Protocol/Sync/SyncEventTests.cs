using System.Text;
using PeerSync.Protocol.Sync;
using static PeerSync.Tests.Protocol.Sync.SyncCalls;

namespace PeerSync.Tests.Protocol.Sync;

public sealed class SyncEventTests
{
    private const string OtherUser = "\"03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8\"";

    [Fact]
    public void A_valid_event_is_read_whole()
    {
        var json = EventWith("ttl", "1767225600001.5");
        Assert.Equal(SyncEventStatus.Ok, Read(json, out var view));
        Assert.Equal(Guid.Parse(EventId), view.EventId);
        Assert.Equal(Device, view.DeviceId);
        Assert.Equal(7, view.DeviceSeq);
        Assert.Equal("clipboard:main", view.StreamId);
        Assert.Equal("clipboard:text", view.EventType);
        Assert.Equal(1767225600001, view.Ttl);
        Assert.Equal(12, view.PayloadSize);
        Assert.Equal(default, view.Refusal);
        Assert.Equal(json.IndexOf("{\"event_id", StringComparison.Ordinal), view.RawOffset);
        Assert.Equal(json[view.RawOffset..^1], Encoding.UTF8.GetString(view.RawObject));
    }

    [Theory]
    [InlineData("event_id", null, "Invalid event structure")]
    [InlineData("user_id", null, "Invalid event structure")]
    [InlineData("device_id", null, "Invalid event structure")]
    [InlineData("device_seq", null, "Invalid event structure")]
    [InlineData("stream_id", null, "Invalid event structure")]
    [InlineData("type", null, "Invalid event structure")]
    [InlineData("encrypted_payload", null, "Invalid event structure")]
    [InlineData("event_id", "7", "Invalid event structure")]
    [InlineData("user_id", "null", "Invalid event structure")]
    [InlineData("device_id", "{}", "Invalid event structure")]
    [InlineData("device_seq", "\"7\"", "Invalid event structure")]
    [InlineData("stream_id", "[]", "Invalid event structure")]
    [InlineData("type", "true", "Invalid event structure")]
    [InlineData("encrypted_payload", "0", "Invalid event structure")]
    [InlineData("ttl", "null", "Invalid event structure")]
    [InlineData("ttl", "\"x\"", "Invalid event structure")]
    [InlineData("ttl", "1e400", "Invalid event structure")]
    [InlineData("event_id", "\"01a1fd30-f6a0-7752-b466-bf0c87eb433aff\"", "Event ID too long")]
    [InlineData("user_id", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "User ID too long")]
    [InlineData("device_seq", "0", "Device sequence must be >= 1")]
    [InlineData("device_seq", "-0", "Device sequence must be >= 1")]
    [InlineData("device_seq", "-1", "Device sequence must be >= 1")]
    [InlineData("device_seq", "1e-400", "Device sequence must be >= 1")]
    [InlineData("device_seq", "1.5", "Device sequence must be an integer")]
    [InlineData("device_seq", "1e400", "Device sequence must be an integer")]
    [InlineData("device_seq", "9007199254740992", "Device sequence too large")]
    [InlineData("device_seq", "1e300", "Device sequence too large")]
    [InlineData("stream_id", "\"\"", "Stream ID is required")]
    [InlineData("encrypted_payload", "\"\"", "Encrypted payload is required")]
    [InlineData("encrypted_payload", "\"###\"", "Payload cannot be empty")]
    [InlineData("encrypted_payload", "\"=\"", "Payload cannot be empty")]
    [InlineData("encrypted_payload", "\"###abc###\"", "Invalid event structure")]
    public void A_refused_event_names_its_text(string name, string? value, string reason)
    {
        Assert.Equal(SyncEventStatus.Invalid, Read(EventWith(name, value), out var view));
        Assert.Equal(new SyncClose(1011, reason), view.Refusal);
    }

    [Theory]
    [InlineData("stream_id", 256, null)]
    [InlineData("stream_id", 257, "Stream ID too long")]
    [InlineData("stream_id", 100_000, "Stream ID too long")]
    [InlineData("type", 64, null)]
    [InlineData("type", 65, "Event type too long")]
    [InlineData("type", 100_000, "Event type too long")]
    public void Names_have_a_longest_length_however_they_are_escaped(string name, int length, string? reason)
    {
        foreach (var unit in new[] { "a", "\\u0061" })
        {
            var status = Read(EventWith(name, $"\"{string.Concat(Enumerable.Repeat(unit, length))}\""), out var view);
            Assert.Equal(reason is null ? SyncEventStatus.Ok : SyncEventStatus.Invalid, status);
            Assert.Equal(reason, view.Refusal.Reason);
        }

        // UTF-16 units count, as in JavaScript, and no non-ASCII name has the right form.
        var emoji = Read(EventWith(name, $"\"{string.Concat(Enumerable.Repeat("😀", (length + 1) / 2))}\""), out _);
        Assert.Equal(reason is null ? SyncEventStatus.Malformed : SyncEventStatus.Invalid, emoji);
    }

    [Theory]
    [InlineData("event_id", "\"\"")]
    [InlineData("event_id", "\"019b7657-8000-4000-8000-000000000001\"")]
    [InlineData("event_id", "\"019b76578000700080000000000000010000\"")]
    [InlineData("event_id", "\"+19b7657-8000-7000-8000-000000000001\"")]
    [InlineData("event_id", "\"019b7657-8000-7000-8000-00000000000g\"")]
    [InlineData("event_id", "\"019b7657-8000-7000-8000-00000000000\"")]
    [InlineData("event_id", "\"\\ud800\"")]
    [InlineData("user_id", "\"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq\"")]
    [InlineData("user_id", "\"abc\"")]
    [InlineData("stream_id", "\"a b\"")]
    [InlineData("stream_id", "\"a\\u0000\"")]
    [InlineData("stream_id", "\"é\"")]
    [InlineData("type", "\"a.b\"")]
    [InlineData("type", "\"\"")]
    [InlineData("type", "\"\\ud83d\\ude00\"")]
    public void An_own_event_of_a_wrong_form_can_be_acknowledged(string name, string value)
    {
        Assert.Equal(SyncEventStatus.Malformed, Read(EventWith(name, value), out var view));
        Assert.Equal(Device, view.DeviceId);
        Assert.Equal(7, view.DeviceSeq);
        Assert.Equal(default, view.Refusal);

        // What is to be closed over comes before.
        var members = Members();
        members[name] = value;
        members["encrypted_payload"] = "\"\"";
        Assert.Equal(SyncEventStatus.Invalid, Read(Event(members), out view));
        Assert.Equal(SyncClose.PayloadRequired, view.Refusal);
    }

    [Theory]
    [InlineData("\"5b0d3ed8-9e31-41af-9829-48312884ca2d\"")]
    [InlineData("\"abc\"")]
    [InlineData("\"\"")]
    [InlineData("\"11111111-2222-4333-8444-55555555555\\ud800\"")]
    public void Another_device_s_event_is_ignored_whatever_is_wrong_with_it(string deviceId)
    {
        Assert.Equal(SyncEventStatus.ForeignDevice, Read(EventWith("device_id", deviceId), out _));
        foreach (var (name, value) in new[] { ("ttl", "1"), ("user_id", OtherUser), ("event_id", "\"x\""), ("device_seq", "0"), ("encrypted_payload", "\"\"") })
        {
            var members = Members();
            members["device_id"] = deviceId;
            members[name] = value;
            Assert.Equal(SyncEventStatus.ForeignDevice, Read(Event(members), out var view));
            Assert.Equal(default, view.Refusal);
        }
    }

    [Fact]
    public void Another_user_s_event_is_refused()
    {
        Assert.Equal(SyncEventStatus.ForeignUser, Read(EventWith("user_id", OtherUser), out var view));
        Assert.Equal(new SyncClose(1011, "Event user_id mismatch"), view.Refusal);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1.0", 1)]
    [InlineData("1e3", 1000)]
    [InlineData("1E+3", 1000)]
    [InlineData("0.5e1", 5)]
    [InlineData("9007199254740991", 9007199254740991)]
    [InlineData("9007199254740990.6", 9007199254740991)]
    public void Numbers_are_those_of_javascript(string text, long expected)
    {
        Assert.Equal(SyncEventStatus.Ok, Read(EventWith("device_seq", text), out var view));
        Assert.Equal(expected, view.DeviceSeq);
        Assert.Equal(expected, SyncReader.ReadAckDeviceSeq(Ok($$$"""{"type":"ack","payload":{"device_seq":{{{text}}}}}""")));
    }

    [Theory]
    [InlineData(Now, SyncEventStatus.Ok)]
    [InlineData(Now - SyncReader.TtlTolerance, SyncEventStatus.Ok)]
    [InlineData(Now - SyncReader.TtlTolerance - 1, SyncEventStatus.Expired)]
    [InlineData(0, SyncEventStatus.Expired)]
    [InlineData(-5, SyncEventStatus.Expired)]
    [InlineData(9007199254740991, SyncEventStatus.Ok)]
    public void A_ttl_is_tolerated_for_five_minutes(long ttl, SyncEventStatus expected)
    {
        Assert.Equal(expected, Read(EventWith("ttl", $"{ttl}"), out var view));
        Assert.Equal(ttl, view.Ttl);
        Assert.Equal(7, view.DeviceSeq);
        Assert.Equal(expected == SyncEventStatus.Expired ? SyncClose.EventExpired : default, view.Refusal);
    }

    [Theory]
    [InlineData("AA==", 1)]
    [InlineData("AAA=", 2)]
    [InlineData("AAAA", 3)]
    [InlineData("++//", 3)]
    [InlineData("\\u0041A=\\u003d", 1)]
    [InlineData("++\\/\\/", 3)]
    [InlineData("AB==", -1)]
    [InlineData("AAB=", -1)]
    [InlineData("A", -1)]
    [InlineData("AA", -1)]
    [InlineData("AAA", -1)]
    [InlineData("A===", -1)]
    [InlineData("AA=A", -1)]
    [InlineData("AA==AA==", -1)]
    [InlineData("AAAA====", -1)]
    [InlineData("--__", -1)]
    [InlineData("AAAA ", -1)]
    [InlineData("AA AA  A", -1)]
    [InlineData("AAAA\\nAAA", -1)]
    [InlineData("AAA\\n", -1)]
    [InlineData("AAAé", -1)]
    [InlineData("AAA\\u00e9", -1)]
    [InlineData("AAA\\ud800", -1)]
    public void A_payload_is_strict_base64(string payload, int size)
    {
        var status = Read(EventWith("encrypted_payload", $"\"{payload}\""), out var view);
        Assert.Equal(size < 0 ? SyncEventStatus.Invalid : SyncEventStatus.Ok, status);
        Assert.Equal(Math.Max(size, 0), view.PayloadSize);
        Assert.Equal(size < 0 ? SyncClose.InvalidEventStructure : default, view.Refusal);
    }

    [Fact]
    public void A_payload_has_a_largest_size()
    {
        var most = Convert.ToBase64String(new byte[SyncReader.MaxPayloadSize]);
        Assert.Equal(SyncEventStatus.Ok, Read(EventWith("encrypted_payload", $"\"{most}\""), out var view));
        Assert.Equal(SyncReader.MaxPayloadSize, view.PayloadSize);
        Assert.Equal(SyncEventStatus.Invalid, Read(EventWith("encrypted_payload", $"\"{most}AAAA\""), out view));
        Assert.Equal(SyncClose.PayloadTooLarge, view.Refusal);
    }

    [Fact]
    public void Each_known_member_stands_once_also_when_its_name_is_escaped()
    {
        foreach (var (name, value) in Members().Append(new("ttl", "1e15")).Append(new("created_at", "1")))
        {
            var members = Members().ToList();
            members.RemoveAll(member => member.Key == name);
            members.Add(new(name, value));
            Assert.Equal(SyncEventStatus.Ok, Read(Event(members), out _));
            members.Insert(0, new(name.Replace("e", "\\u0065", StringComparison.Ordinal), value));
            Assert.Equal(SyncEventStatus.Invalid, Read(Event(members), out var view));
            Assert.Equal(SyncClose.InvalidEventStructure, view.Refusal);
        }
    }

    [Theory]
    [InlineData("""{"type":"event"}""")]
    [InlineData("""{"type":"event","payload":null}""")]
    [InlineData("""{"type":"event","payload":[]}""")]
    [InlineData("""{"type":"event","payload":{}}""")]
    [InlineData("""{"type":"event","payload":"{"}""")]
    public void A_payload_that_is_no_event_is_refused(string json)
    {
        Assert.Equal(SyncEventStatus.Invalid, Read(json, out var view));
        Assert.Equal(SyncClose.InvalidEventStructure, view.Refusal);
    }

    [Fact]
    public void The_stored_form_is_the_recorded_one()
    {
        var members = Members();
        Assert.Equal(SyncEventStatus.Ok, Read(Event(members), out var view));
        members["stream_seq"] = "1159";
        members["created_at"] = $"{Now}";
        Assert.Equal(Object(members), Store(view));
    }

    [Fact]
    public void The_server_s_values_are_spliced_in_wherever_the_members_stand()
    {
        var random = new Random(20260101);
        for (var round = 0; round < 2000; round++)
        {
            var members = Members().ToList();
            if (random.Next(2) == 0)
            {
                members.RemoveAll(static member => member.Key == "stream_seq");
            }

            if (random.Next(3) != 0)
            {
                members.Add(new("created_at", random.Next(2) == 0 ? "1" : """{"a":[1,2]}"""));
            }

            if (random.Next(2) == 0)
            {
                members.Add(new("x", """{"stream_seq":5,"created_at":6}"""));
            }

            var user = random.Next(4) switch { 0 => "\"\"", 1 => $"\"{UserId.ToUpperInvariant()}\"", 2 => $"\"\\u0032{UserId[1..]}\"", _ => $"\"{UserId}\"" };
            members.RemoveAll(static member => member.Key == "user_id");
            members.Add(new("user_id", user));
            var order = members.ToArray();
            random.Shuffle(order);
            Assert.Equal(SyncEventStatus.Ok, Read(Event(order), out var view));

            var expected = order.Where(static member => member.Key != "created_at")
                .Select(static member => member.Key == "stream_seq" ? new(member.Key, "1159") : member)
                .Select(static member => member.Key == "user_id" ? new(member.Key, $"\"{UserId}\"") : member)
                .ToList();
            if (!expected.Exists(static member => member.Key == "stream_seq"))
            {
                expected.Add(new("stream_seq", "1159"));
            }

            expected.Add(new("created_at", $"{Now}"));
            var stored = Store(view);
            Assert.Equal(Object(expected), stored);

            // White space between the members changes nothing but itself.
            var loose = Event(order).Replace(",\"", " ,\n\t\"", StringComparison.Ordinal).Replace("}}", "\r}}", StringComparison.Ordinal);
            Assert.Equal(SyncEventStatus.Ok, Read(loose, out view));
            AssertStored(Store(view), view);

            // What was stored can be sent again, as web clients do.
            Assert.Equal(SyncEventStatus.Ok, Read($$"""{"type":"event","payload":{{stored}}}""", out view));
            Assert.Equal(stored, Store(view));
        }
    }

    [Fact]
    public void The_usual_names_are_shared_and_reading_allocates_nothing()
    {
        var json = Encoding.UTF8.GetBytes(Event(Members()));
        var before = 0L;
        for (var i = 0; i < 200; i++)
        {
            before = i == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            SyncReader.Read(json, out var envelope);
            SyncReader.ReadEvent(envelope, UserId, Device, Now, out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
