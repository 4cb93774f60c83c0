using System.Text.Json;
using PeerSync.Actors.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>Devices of one user against the real server over real sockets (docs/spec/sync.md).</summary>
public sealed class SyncConversationTests
{
    private readonly SyncIdentity _alice = new();

    [Fact]
    public async Task TwoDevicesExchangeEvents()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var laptop = await SyncClient.LogInAsync(host, _alice, name: "Desktop - 1/2/2026", type: "desktop");
        await using var phone = await SyncClient.LogInAsync(host, _alice);
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: true);

        var first = await laptop.SendEventAsync(2, extra: ",\"unknown\":[1]");
        await laptop.ExpectAckAsync(2);
        var received = await phone.ExpectEventAsync(first);
        Assert.Equal(1, received.GetProperty("stream_seq").GetInt64());
        Assert.Equal("[1]", received.GetProperty("unknown").GetRawText());
        Assert.Equal("aGVsbG8=", received.GetProperty("encrypted_payload").GetString());
        await phone.ConfirmAsync(received);

        var second = await phone.SendEventAsync(2, stream: "files:main", type: "file:metadata");
        await phone.ExpectAckAsync(2);
        Assert.Equal(1, (await laptop.ExpectEventAsync(second)).GetProperty("stream_seq").GetInt64());
        Assert.Equal(second, (await laptop.ExpectAsync("activity:event")).GetProperty("event_id").GetGuid());
        await laptop.Socket.ExpectSilenceAsync();
    }

    [Fact]
    public async Task WhatWasMissedComesAtLoginAndOnlyUntilItIsConfirmed()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var phoneId = Guid.NewGuid();
        await using (var phone = await SyncClient.LogInAsync(host, _alice, phoneId))
        {
            await phone.CloseAsync();
        }

        await using var laptop = await SyncClient.LogInAsync(host, _alice);
        var ids = new List<Guid>();
        for (var i = 1; i <= 250; i++)
        {
            ids.Add(await laptop.SendEventAsync(i));
            await laptop.ExpectAckAsync(i);
        }

        for (var round = 0; round < 2; round++)
        {
            // The first time nothing is confirmed, so that everything comes again.
            await using var phone = await SyncClient.LogInAsync(host, _alice, phoneId);
            await laptop.ExpectPresenceAsync(phoneId, online: true);
            var page = await phone.ExpectAsync("replay_response");
            Assert.Equal((100, true), (page.GetProperty("page_size").GetInt32(), page.GetProperty("has_more").GetBoolean()));
            Assert.Equal(ids[..100], Ids(page));
            if (round == 1)
            {
                await phone.SendAsync("replay_request", $$"""{"last_ack_device_seq":0,"limit":100,"continuation_token":"{{Token(page)}}"}""");
                page = await phone.ExpectAsync("replay_response");
                Assert.Equal(ids[100..200], Ids(page));
                await phone.Socket.SendAsync($$"""{"type":"replay_request","limit":1000,"continuation_token":"{{Token(page)}}"}""");
                page = await phone.ExpectAsync("replay_response");
                Assert.Equal(ids[200..], Ids(page));
                Assert.False(page.GetProperty("has_more").GetBoolean());
                foreach (var item in page.GetProperty("events").EnumerateArray())
                {
                    await phone.ConfirmAsync(item);
                }

                await phone.BarrierAsync();
            }

            await phone.CloseAsync();
            await laptop.ExpectPresenceAsync(phoneId, online: false);
        }

        await Eventually.TrueAsync(
            () => host.Server.Store.Sync.FindDeviceAsync(phoneId, PeerSyncTestHost.Cancel).GetAwaiter().GetResult()!.Cursor == 250,
            static () => "the cursor");
        await using var again = await SyncClient.LogInAsync(host, _alice, phoneId);
        await again.SendAsync("replay_request");
        Assert.Empty(Ids(await again.ExpectAsync("replay_response")));
    }

    [Fact]
    public async Task ABacklogOfTenThousandEventsIsReadWithBackPressure()
    {
        const int count = 10_000;
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var laptop = await SyncClient.LogInAsync(host, _alice);
        await using var phone = await SyncClient.LogInAsync(host, _alice);
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: true);
        var sending = Task.Run(async () =>
        {
            for (var i = 1; i <= count; i++)
            {
                await laptop.SendEventAsync(i);
            }
        });
        for (var i = 1; i <= count; i++)
        {
            await laptop.ExpectAckAsync(i);
        }

        await sending;
        for (var i = 1; i <= count; i++)
        {
            Assert.Equal(i, (await phone.ExpectAsync("event")).GetProperty("stream_seq").GetInt64());
        }

        await phone.Socket.ExpectSilenceAsync();
    }

    [Fact]
    public async Task DuplicatesAreAcknowledgedAndToldToNobodyAlsoAfterARestart()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var laptopId = Guid.NewGuid();
        await using var phone = await SyncClient.LogInAsync(host, _alice);
        Guid id;
        await using (var laptop = await SyncClient.LogInAsync(host, _alice, laptopId))
        {
            await phone.ExpectPresenceAsync(laptopId, online: true);
            id = await laptop.SendEventAsync(5);
            await laptop.ExpectAckAsync(5);
            await phone.ExpectEventAsync(id);
            await laptop.SendEventAsync(5, eventId: id);
            await laptop.ExpectAckAsync(5);
            await laptop.SendEventAsync(5);
            await laptop.ExpectAckAsync(5);
            await laptop.SendEventAsync(6, eventId: id);
            await laptop.ExpectAckAsync(6);
            var late = await laptop.SendEventAsync(3);
            await laptop.ExpectAckAsync(3);
            Assert.Equal(2, (await phone.ExpectEventAsync(late)).GetProperty("stream_seq").GetInt64());
            await laptop.CloseAsync();
            await phone.ExpectPresenceAsync(laptopId, online: false);
        }

        await phone.CloseAsync();
        var counters = host.Get<SyncCounters>();
        await Eventually.TrueAsync(() => counters.UsersOnline == 0, static () => "the end of the user's sessions");
        await using var again = await SyncClient.LogInAsync(host, _alice, laptopId);
        Assert.Equal(5, again.LastAckDeviceSeq);
        await again.SendEventAsync(5, eventId: id);
        await again.ExpectAckAsync(5);
        Assert.Equal(2, counters.EventsStored);
    }

    [Fact]
    public async Task TheSameDeviceAgainTakesThePlaceOfItsFormerSocket()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var devices = new List<SyncClient>();
        for (var i = 0; i < 5; i++)
        {
            devices.Add(await SyncClient.LogInAsync(host, _alice));
        }

        await using var sixth = await SyncClient.ConnectAsync(host, _alice);
        await sixth.SendAuthAsync(await sixth.SayHelloAsync());
        await sixth.ExpectCloseAsync(1008, "Too many devices connected (max 5). Please disconnect another device.");

        await using var again = await SyncClient.LogInAsync(host, _alice, devices[4].DeviceId);
        await devices[4].ExpectCloseAsync(1000, "New connection established for this device");
        var id = await devices[0].SendEventAsync(1);
        await again.ExpectEventAsync(id);
        Assert.Equal(5, host.Get<SyncCounters>().DevicesOnline);
        foreach (var device in devices)
        {
            await device.DisposeAsync();
        }
    }

    [Fact]
    public async Task AnotherIdentityDoesNotGetTheDevice()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var laptop = await SyncClient.LogInAsync(host, _alice);
        await using var thief = await SyncClient.ConnectAsync(host, new SyncIdentity(), laptop.DeviceId);
        await thief.SendAuthAsync(await thief.SayHelloAsync());
        await thief.ExpectCloseAsync(1008, "Device belongs to another user");
        await laptop.BarrierAsync();
    }

    [Fact]
    public async Task ForeignAndMalformedEventsNeitherStopNorAcknowledgeOthers()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var laptop = await SyncClient.LogInAsync(host, _alice);
        await laptop.SendAsync("event", laptop.EventJson(Guid.CreateVersion7(), 9).Replace(laptop.DeviceId.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal));
        await laptop.SendEventAsync(1, eventId: Guid.NewGuid());
        await laptop.ExpectAckAsync(1);
        await laptop.SendEventAsync(2);
        await laptop.ExpectAckAsync(2);
        await laptop.SendAsync("event", "null");
        await laptop.ExpectCloseAsync(1011, "Invalid event structure");
    }

    [Fact]
    public async Task ADevicePairedOverTheSocketBelongsToTheOtherUserFromThenOn()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var bob = new SyncIdentity();
        await using var laptop = await SyncClient.LogInAsync(host, _alice, name: "Laptop");
        await using var phone = await SyncClient.LogInAsync(host, bob, name: "Laptop");
        await phone.SendEventAsync(1);
        await phone.ExpectAckAsync(1);
        await laptop.SendAsync("initiate_pairing");
        var code = (await laptop.ExpectAsync("pairing_initiated")).GetProperty("code").GetString();
        await phone.SendAsync("complete_pairing", """{"pairing_code":"12345"}""");
        Assert.Equal("Invalid pairing code format", (await phone.ExpectAsync("pairing_failed")).GetProperty("error").GetString());
        await phone.SendAsync("complete_pairing", $$"""{"pairing_code":"{{code}}"}""");
        Assert.Equal(_alice.UserId, (await phone.ExpectAsync("pairing_completed")).GetProperty("linkedUserId").GetString());
        Assert.Equal("Laptop (2)", (await laptop.ExpectAsync("device_status_changed")).GetProperty("device_name").GetString());
        Assert.Equal(phone.DeviceId, (await laptop.ExpectAsync("device_paired")).GetProperty("device_id").GetGuid());

        // It counts from the beginning, and its first event is not taken for the one it sent before.
        phone.UserId = _alice.UserId;
        var id = await phone.SendEventAsync(1);
        await phone.ExpectAckAsync(1);
        await laptop.ExpectEventAsync(id);
        await phone.SendAsync("complete_pairing", $$"""{"pairing_code":"{{code}}"}""");
        Assert.Equal("Pairing code already used", (await phone.ExpectAsync("pairing_failed")).GetProperty("error").GetString());

        await phone.CloseAsync();
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: false);
        await using var back = await SyncClient.LogInAsync(host, bob, phone.DeviceId);
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: true);
        Assert.Equal(1, back.LastAckDeviceSeq);
    }

    [Fact]
    public async Task ScratchpadsGoToTheOthersAndAreNotKept()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var laptop = await SyncClient.LogInAsync(host, _alice);
        await using var phone = await SyncClient.LogInAsync(host, _alice);
        await phone.SendAsync("scratchpad_sync", """{"text":"\ud83d\ude00","n":1e3}""");
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: true);
        Assert.Equal("""{"type":"scratchpad_sync","payload":{"text":"\ud83d\ude00","n":1e3}}""", await laptop.Socket.ReceiveAsync());
        await phone.Socket.ExpectSilenceAsync();
    }

    [Fact]
    public async Task WhatADeviceConfirmedIsNotReplayedWhenItComesRightBack()
    {
        // The clock stands still, so only the device's leaving saves what it has confirmed.
        await using var host = await PeerSyncTestHost.StartAsync(time: new ManualTimeProvider(DateTimeOffset.UtcNow));
        await using var laptop = await SyncClient.LogInAsync(host, _alice);
        await using var phone = await SyncClient.LogInAsync(host, _alice);
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: true);
        var confirmed = await laptop.SendEventAsync(1);
        await laptop.ExpectAckAsync(1);
        await phone.ConfirmAsync(await phone.ExpectEventAsync(confirmed));
        await phone.CloseAsync();
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: false);
        await Eventually.TrueAsync(
            async () => (await host.Server.Store.Sync.FindDeviceAsync(phone.DeviceId, PeerSyncTestHost.Cancel))!.Cursor == 1,
            static () => "the device's cursor in the database");
        var missed = await laptop.SendEventAsync(2);
        await laptop.ExpectAckAsync(2);
        await using var back = await SyncClient.LogInAsync(host, _alice, phone.DeviceId);
        Assert.Equal([missed], Ids(await back.ExpectAsync("replay_response")));
    }

    [Fact]
    public async Task WhoAnswersNoPingsIsToldAfterMoreThanAMinute()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await PeerSyncTestHost.StartAsync(time: time);
        await using var mute = await SyncClient.ConnectAsync(host, _alice, answerPings: false);
        await mute.HandshakeAsync();
        for (var passed = 0; passed < 60; passed++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await mute.BarrierAsync();

        // Its ping was a sign of life, so the minute begins anew.
        for (var passed = 0; passed < 60; passed++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(mute.Socket.Closed.IsCompleted);
        for (var passed = 0; passed < 30; passed++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await mute.ExpectCloseAsync(1008, "Heartbeat timeout");
    }

    [Theory]
    [InlineData("24h", 24 * 60, 1001, "Session key rotation required")]
    [InlineData("2h", 2 * 60, 1008, "Session expired. Please re-authenticate.")]
    public async Task SessionsAreAnnouncedAsExpiringBeforeTheyEnd(string timeout, int minutes, int code, string reason)
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await PeerSyncTestHost.StartAsync($"peersync.sync.session-timeout = {timeout}", time);
        await using var laptop = await SyncClient.LogInAsync(host, _alice);

        // Small steps, so that the heartbeat's pings are answered in time as those of a living client are.
        var step = TimeSpan.FromSeconds(20);
        var end = TimeSpan.FromMinutes(minutes);
        var passed = TimeSpan.Zero;
        await PassAsync(until: end - TimeSpan.FromMinutes(5));
        time.Advance(step);
        Assert.InRange((await laptop.ExpectAsync("session_expiring_soon")).GetProperty("expires_in_seconds").GetInt64(), 240, 300);
        passed += step;
        await PassAsync(until: end);
        time.Advance(step);
        await laptop.ExpectCloseAsync(code, reason);

        async Task PassAsync(TimeSpan until)
        {
            for (; passed + step < until; passed += step)
            {
                time.Advance(step);
                await laptop.BarrierAsync();
            }
        }
    }

    private static List<Guid> Ids(JsonElement page) => [.. page.GetProperty("events").EnumerateArray().Select(static item => item.GetProperty("event_id").GetGuid())];

    private static string? Token(JsonElement page) => page.GetProperty("continuation_token").GetString();
}
