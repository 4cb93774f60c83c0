using System.Text;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sync;
using static PeerSync.Tests.Protocol.Sync.SyncCalls;
using static PeerSync.Tests.Protocol.Sync.SyncVectors;

namespace PeerSync.Tests.Protocol.Sync;

public sealed class SyncWriterTests
{
    [Fact]
    public void Messages_stand_as_in_the_recordings()
    {
        Is("""{"type":"ack","payload":{"device_seq":1500}}""", static output => SyncWriter.Ack(output, 1500));
        Is("""{"type":"pong","payload":{"timestamp":5}}""", static output => SyncWriter.Pong(output, 5));
        Is(
            """{"type":"session_established","payload":{"type":"session_established","device_id":"AB","last_ack_device_seq":8,"expires_at":9}}""",
            static output => SyncWriter.SessionEstablished(output, "AB", 8, 9));
        Is(
            """{"type":"device_status_changed","payload":{"type":"device_status_changed","user_id":"u","device_id":"d","device_name":"Unknown Device","device_type":"web","is_online":true,"timestamp":5}}""",
            static output => SyncWriter.DeviceOnline(output, "u", "d", null, null, 5));
        Is(
            """{"type":"device_status_changed","payload":{"type":"device_status_changed","user_id":"u","device_id":"d","device_name":"a\"b","device_type":"mobile","is_online":true,"timestamp":5}}""",
            static output => SyncWriter.DeviceOnline(output, "u", "d", "a\"b", "mobile", 5));
        Is(
            """{"type":"device_status_changed","payload":{"type":"device_status_changed","user_id":"u","device_id":"d","is_online":false,"timestamp":5}}""",
            static output => SyncWriter.DeviceOffline(output, "u", "d", 5));
        Is(
            """{"type":"device_paired","payload":{"type":"device_paired","device_id":"d","timestamp":5}}""",
            static output => SyncWriter.DevicePaired(output, "d", 5));
        Is(
            """{"type":"device_revoked","payload":{"type":"device_revoked","reason":"Device has been removed by user","timestamp":5}}""",
            static output => SyncWriter.DeviceRevoked(output, SyncWriter.RemovedByUser, 5));
        Is(
            """{"type":"pairing_initiated","payload":{"code":"000123","expiresIn":300000}}""",
            static output => SyncWriter.PairingInitiated(output, "000123", 300000));
        Is(
            """{"type":"pairing_completed","payload":{"success":true,"linkedUserId":"u"}}""",
            static output => SyncWriter.PairingCompleted(output, "u"));
        Is(
            """{"type":"pairing_failed","payload":{"error":"Pairing code already used"}}""",
            static output => SyncWriter.PairingFailed(output, SyncPairingError.AlreadyUsed));
        Is(
            """{"type":"session_expiring_soon","payload":{"type":"session_expiring_soon","expires_in_seconds":27,"expires_at":9}}""",
            static output => SyncWriter.SessionExpiringSoon(output, 27, 9));
        Is(
            """{"type":"replay_failed","payload":{"error":"Concurrent replay request rejected. Please wait for current replay to complete."}}""",
            SyncWriter.ReplayFailed);
        Is(
            $$$"""{"type":"activity:event","payload":{"event_id":"{{{EventId}}}","device_id":"{{{DeviceIdText}}}","type":"file:metadata","created_at":5,"payload_size":12}}""",
            static output => SyncWriter.ActivityEvent(output, Guid.Parse(EventId), Device, "file:metadata", 5, 12));
    }

    [Theory]
    [InlineData("""{"type":"scratchpad_sync","payload":{"a": [1.0,"\ud800"]}}""")]
    [InlineData("""{"type":"scratchpad_sync","payload":null}""")]
    [InlineData("""{"type":"scratchpad_sync","payload":"x"}""")]
    [InlineData("""{"type":"scratchpad_sync"}""")]
    public void A_scratchpad_is_passed_on_as_sent(string json)
    {
        Is(json, output => SyncWriter.ScratchpadSync(output, Ok(json).Body));
        var noisy = json[..^1] + ",\"user_id\":\"evil\"}";
        Is(json, output => SyncWriter.ScratchpadSync(output, Ok(noisy).Body));
    }

    [Fact]
    public void A_relayed_event_wraps_what_is_stored()
    {
        Assert.Equal(SyncEventStatus.Ok, Read(Event(Members()), out var view));
        var stored = Store(view);
        Is($$"""{"type":"event","payload":{{stored}}}""", output => SyncWriter.Event(output, Encoding.UTF8.GetBytes(stored)));
    }

    [Theory]
    [InlineData(0, false, null, 0L, """{"type":"replay_response","payload":{"type":"replay_response","events":[],"has_more":false,"page_size":0,"total_events":0}}""")]
    [InlineData(1, false, null, 1L, """{"type":"replay_response","payload":{"type":"replay_response","events":[{"e":0}],"has_more":false,"page_size":1,"total_events":1}}""")]
    [InlineData(2, true, "t", null, """{"type":"replay_response","payload":{"type":"replay_response","events":[{"e":0},{"e":1}],"has_more":true,"page_size":2,"continuation_token":"t"}}""")]
    [InlineData(2, true, "t", 9L, """{"type":"replay_response","payload":{"type":"replay_response","events":[{"e":0},{"e":1}],"has_more":true,"page_size":2,"continuation_token":"t","total_events":9}}""")]
    public void A_page_is_put_together_of_stored_events(int count, bool hasMore, string? token, long? total, string expected) => Is(expected, output =>
    {
        SyncWriter.BeginReplayResponse(output);
        for (var i = 0; i < count; i++)
        {
            SyncWriter.ReplayEvent(output, Encoding.UTF8.GetBytes($$"""{"e":{{i}}}"""), isFirst: i == 0);
        }

        SyncWriter.EndReplayResponse(output, hasMore, count, token, total);
    });

    [Fact]
    public void Every_close_has_a_code_that_clients_know_and_a_reason_that_fits_into_the_frame()
    {
        var closes = typeof(SyncClose).GetProperties(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public)
            .Select(static property => (SyncClose)property.GetValue(null)!)
            .ToList();
        Assert.True(closes.Count > 20);
        Assert.All(closes, static close => Assert.Contains(close.Code, new[] { 1000, 1001, 1008, 1011 }));
        Assert.All(closes, static close => Assert.InRange(Encoding.UTF8.GetByteCount(close.Reason), 1, 123));
        Assert.Equal(closes.Count, closes.Distinct().Count());
        Assert.Equal(new SyncClose(1008, "Too many devices connected (max 5). Please disconnect another device."), SyncClose.ForTooManyDevices(5));
    }

    private static void Is(string expected, Action<MessageBuffer> write) => Assert.Equal(expected, Write(write));
}
