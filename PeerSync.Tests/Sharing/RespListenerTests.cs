using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Sharing.Feed;
using PeerSync.Protocol.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>Redis's protocol, as the extension's client and others speak it (docs/spec/sharing.md, section 7).</summary>
public sealed class RespListenerTests(SharingFeedFixture fixture) : IClassFixture<SharingFeedFixture>
{
    private const string Channel = "osmynt-recent-snippets";
    private const string NoAuth = "NOAUTH Authentication required.";
    private const string WrongPass = "WRONGPASS invalid username-password pair or user is disabled.";

    private SharingTestHost Host => fixture.Host;

    [Fact]
    public async Task Before_the_login_almost_nothing_is_answered()
    {
        await using var client = await RespClient.ConnectAsync(fixture.Resp);
        foreach (var command in new[] { "PING", "INFO", "CLIENT", "SELECT", "GET", "UNSUBSCRIBE" })
        {
            Assert.Equal(NoAuth, await client.AskErrorAsync(command));
        }

        Assert.Equal(NoAuth, await client.AskErrorAsync("SUBSCRIBE", Channel));
        Assert.Equal("NOPROTO unsupported protocol version", await client.AskErrorAsync("HELLO", "3"));
        Assert.Equal("NOPROTO unsupported protocol version", await client.AskErrorAsync("hello", "3", "AUTH", "default", SharingFeedFixture.Password));
        Assert.StartsWith("NOAUTH ", await client.AskErrorAsync("HELLO"), StringComparison.Ordinal);
        Assert.Equal(NoAuth, await client.AskErrorAsync("HELLO", "2"));
        Assert.StartsWith("ERR Protocol version", await client.AskErrorAsync("HELLO", "x"), StringComparison.Ordinal);
        Assert.Equal("RESET", await client.AskAsync("RESET"));
        Assert.Equal("OK", await client.AskAsync("QUIT"));
        await client.WaitForEndAsync();
    }

    [Fact]
    public async Task The_password_is_that_of_any_user()
    {
        await using var client = await RespClient.ConnectAsync(fixture.Resp);
        Assert.Equal("ERR wrong number of arguments for 'auth' command", await client.AskErrorAsync("AUTH"));
        Assert.Equal("ERR syntax error", await client.AskErrorAsync("AUTH", "a", "b", "c"));
        Assert.Equal(WrongPass, await client.AskErrorAsync("AUTH", "default", "wrong"));
        Assert.Equal(WrongPass, await client.AskErrorAsync("AUTH", SharingFeedFixture.Password + "x"));
        Assert.Equal(WrongPass, await client.AskErrorAsync("AUTH", new string('x', 2000)));
        Assert.Equal("OK", await client.AskAsync("AUTH", SharingFeedFixture.Password));
        Assert.Equal("OK", await client.AskAsync("auth", "anybody", SharingFeedFixture.Password));
        Assert.Equal("PONG", await client.AskAsync("PING"));
    }

    [Fact]
    public async Task Guessing_ends_the_connection()
    {
        await using var client = await RespClient.ConnectAsync(fixture.Resp);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(WrongPass, await client.AskErrorAsync("AUTH", $"{i}.{i}.{i}"));
        }

        await client.WaitForEndAsync();
    }

    [Fact]
    public async Task Commands_answer_as_Redis_does()
    {
        await using var client = await RespClient.ConnectAsync(fixture.Resp);
        var hello = await client.AskArrayAsync("HELLO", "2", "AUTH", "default", SharingFeedFixture.Password, "SETNAME", "x");
        Assert.Equal("peersync", hello[1]);
        Assert.Equal(["proto", 2L], hello[4..6]);
        Assert.Equal(14, (await client.AskArrayAsync("HELLO")).Length);
        Assert.Equal("ERR Syntax error in HELLO option", await client.AskErrorAsync("HELLO", "2", "NONSENSE"));
        Assert.Equal("hey", await client.AskAsync("PING", "hey"));
        Assert.Equal("ERR wrong number of arguments for 'ping' command", await client.AskErrorAsync("PING", "a", "b"));
        Assert.Equal("OK", await client.AskAsync("client", "SETINFO", "LIB-NAME", "ioredis"));
        Assert.Equal("OK", await client.AskAsync("CLIENT", "setinfo", "lib-ver", "5"));
        Assert.Equal("OK", await client.AskAsync("CLIENT", "SETNAME", "x"));
        Assert.Null(await client.AskAsync("CLIENT", "GETNAME"));
        Assert.IsType<long>(await client.AskAsync("CLIENT", "ID"));
        Assert.StartsWith("ERR ", await client.AskErrorAsync("CLIENT", "KILL", "1"), StringComparison.Ordinal);
        Assert.StartsWith("ERR ", await client.AskErrorAsync("CLIENT", "LIST"), StringComparison.Ordinal);
        Assert.Equal("ERR wrong number of arguments for 'client' command", await client.AskErrorAsync("CLIENT"));
        Assert.Equal("OK", await client.AskAsync("SELECT", "15"));
        Assert.Equal("ERR DB index is out of range", await client.AskErrorAsync("SELECT", "16"));
        Assert.Equal("ERR DB index is out of range", await client.AskErrorAsync("SELECT", "-1"));
        Assert.Equal("ERR value is not an integer or out of range", await client.AskErrorAsync("SELECT", "99999999999"));
        Assert.Equal("ERR wrong number of arguments for 'select' command", await client.AskErrorAsync("SELECT"));
        Assert.Contains("loading:0\r\n", Assert.IsType<string>(await client.AskAsync("info")), StringComparison.Ordinal);
        foreach (var command in new[] { "PUBLISH", "GET", "SET", "KEYS", "PSUBSCRIBE", "SSUBSCRIBE", "CONFIG", "COMMAND", "MONITOR", "EVAL", "SHUTDOWN" })
        {
            Assert.Equal($"ERR unknown command '{command.ToLowerInvariant()}'", await client.AskErrorAsync(command, Channel, "x"));
        }

        Assert.Equal(["unsubscribe", null, 0L], await client.AskArrayAsync("UNSUBSCRIBE"));
        Assert.Equal(["unsubscribe", "x", 0L], await client.AskArrayAsync("UNSUBSCRIBE", "x"));
        Assert.Equal("ERR wrong number of arguments for 'subscribe' command", await client.AskErrorAsync("SUBSCRIBE"));
        Assert.Equal("NOPERM No permissions to access a channel", await client.AskErrorAsync("SUBSCRIBE", "other"));
        Assert.Equal("NOPERM No permissions to access a channel", await client.AskErrorAsync("SUBSCRIBE", Channel, "other"));
    }

    [Fact]
    public async Task A_subscriber_may_do_little_else()
    {
        await using var client = await RespClient.SubscribeAsync(fixture.Resp, SharingFeedFixture.Password);
        Assert.Equal(["pong", string.Empty], await client.AskArrayAsync("PING"));
        Assert.Equal(["pong", "x"], await client.AskArrayAsync("ping", "x"));
        Assert.Equal(["subscribe", Channel, 1L], await client.AskArrayAsync("SUBSCRIBE", Channel));
        foreach (var command in new[] { "PUBLISH", "GET", "INFO", "AUTH", "SELECT", "CLIENT" })
        {
            Assert.Equal(
                $"ERR Can't execute '{command.ToLowerInvariant()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context",
                await client.AskErrorAsync(command, "x"));
        }

        Assert.StartsWith("ERR Can't execute 'hello'", await client.AskErrorAsync("HELLO", "2"), StringComparison.Ordinal);
        Assert.Equal(["unsubscribe", "other", 1L], await client.AskArrayAsync("UNSUBSCRIBE", "other"));
        Assert.Equal(["unsubscribe", Channel, 0L], await client.AskArrayAsync("UNSUBSCRIBE"));
        Assert.Equal("PONG", await client.AskAsync("PING"));
        Assert.Equal(["subscribe", Channel, 1L], await client.AskArrayAsync("SUBSCRIBE", Channel));
        Assert.Equal("RESET", await client.AskAsync("RESET"));
        Assert.Equal(NoAuth, await client.AskErrorAsync("SUBSCRIBE", Channel));
    }

    [Fact]
    public async Task Commands_in_one_packet_and_in_single_bytes_are_answered_in_order()
    {
        await using var client = await RespClient.ConnectAsync(fixture.Resp);
        var all = new[]
        {
            RespClient.Encode("AUTH", SharingFeedFixture.Password), RespClient.Encode("PING"), RespClient.Encode("SUBSCRIBE", Channel),
            RespClient.Encode("PING"), RespClient.Encode("UNSUBSCRIBE"), RespClient.Encode("PING"), RespClient.Encode("QUIT"),
        }.SelectMany(static bytes => bytes).ToArray();
        await client.SendAsync(all);
        await ExpectAsync();

        await using var slow = await RespClient.ConnectAsync(fixture.Resp);
        foreach (var one in all)
        {
            await slow.SendAsync(new[] { one });
        }

        await ExpectAsync(slow);

        async Task ExpectAsync(RespClient? other = null)
        {
            var from = other ?? client;
            Assert.Equal("OK", await from.ReadAsync());
            Assert.Equal("PONG", await from.ReadAsync());
            Assert.Equal(["subscribe", Channel, 1L], (object?[])(await from.ReadAsync())!);
            Assert.Equal(["pong", string.Empty], (object?[])(await from.ReadAsync())!);
            Assert.Equal(["unsubscribe", Channel, 0L], (object?[])(await from.ReadAsync())!);
            Assert.Equal("PONG", await from.ReadAsync());
            Assert.Equal("OK", await from.ReadAsync());
            await from.WaitForEndAsync();
        }
    }

    [Theory]
    [InlineData("PING\r\n")]
    [InlineData("*65\r\n")]
    [InlineData("*1\r\n$65537\r\n")]
    [InlineData("*1\r\n$-1\r\n")]
    public async Task What_is_no_command_is_told_and_ends_the_connection(string text)
    {
        await using var client = await RespClient.ConnectAsync(fixture.Resp);
        await client.SendAsync(Encoding.ASCII.GetBytes(text));
        Assert.StartsWith("ERR Protocol error: ", Assert.IsType<RespClient.Error>(await client.ReadAsync()).Text, StringComparison.Ordinal);
        await client.WaitForEndAsync();
    }

    [Fact]
    public async Task The_shared_password_is_told_ids_of_everything_and_a_token_all_of_its_own()
    {
        var alice = await Host.LogInAsync("resp-alice");
        var bob = await Host.LogInAsync("resp-bob");
        await using var shared = await RespClient.SubscribeAsync(fixture.Resp, SharingFeedFixture.Password);
        await using var own = await RespClient.SubscribeAsync(fixture.Resp, alice.Access);
        await SharingFeedFixture.PublishAsync(Host, SharingEventWriter.KeysChanged(bob.Id), bob.Id);
        await SharingFeedFixture.PublishAsync(
            Host, SharingEventWriter.SnippetCreated("s1", "secret title", bob.Id, "Bob", [alice.Id], null, null, "Alice"), bob.Id, alice.Id);

        Assert.Equal($$$"""{"event":"keys:changed","payload":{"userId":"{{{bob.Id}}}"}}""", await shared.NextMessageAsync());
        Assert.Equal("""{"event":"snippet:created","payload":{"id":"s1"}}""", await shared.NextMessageAsync());
        Assert.Equal(
            $$$"""{"event":"snippet:created","payload":{"id":"s1","title":"secret title","authorId":"{{{bob.Id}}}","authorName":"Bob","recipientUserIds":["{{{alice.Id}}}"],"firstRecipientName":"Alice"}}""",
            await own.NextMessageAsync());
    }

    [Fact]
    public async Task Tokens_that_are_not_for_this_are_refused()
    {
        var alice = await Host.LogInAsync("resp-tokens");
        await using var client = await RespClient.ConnectAsync(fixture.Resp);
        Assert.Equal(WrongPass, await client.AskErrorAsync("AUTH", "x", alice.Refresh));
        Assert.Equal(WrongPass, await client.AskErrorAsync("AUTH", "x", alice.Access[..^2] + "AA"));
        Assert.Equal("OK", await client.AskAsync("AUTH", "x", alice.Access));
    }

    [Fact]
    public async Task A_session_that_ends_ends_its_connections()
    {
        var alice = await Host.LogInAsync("resp-ends");
        await using var client = await RespClient.SubscribeAsync(fixture.Resp, alice.Access);
        await using var shared = await RespClient.SubscribeAsync(fixture.Resp, SharingFeedFixture.Password);
        Host.Server.Get<ISharingRevocations>().SessionEnded(alice.Id, null);
        await client.WaitForEndAsync();
        Assert.Equal(["pong", string.Empty], await shared.AskArrayAsync("PING"));
    }

    [Fact]
    public async Task Many_commands_at_once_are_answered_one_by_one()
    {
        await using var client = await RespClient.ConnectAsync(fixture.Resp);
        await client.AskAsync("AUTH", SharingFeedFixture.Password);
        const int Count = 400;
        await client.SendAsync(Enumerable.Repeat(RespClient.Encode("PING"), Count).SelectMany(static bytes => bytes).ToArray());
        for (var i = 0; i < Count; i++)
        {
            Assert.Equal("PONG", await client.ReadAsync());
        }
    }

    [Fact]
    public async Task A_slow_reader_is_cut_while_others_get_everything()
    {
        await using var host = await SharingTestHost.StartAsync(SharingFeedFixture.Settings + "\npeersync.sharing.resp.outbound-bytes = 64KiB\npeersync.sharing.feed.shared-payloads = full");
        var address = host.Server.Server.RespAddress!;
        await using var slow = await RespClient.SubscribeAsync(address, SharingFeedFixture.Password, receiveBuffer: 4096);
        await using var quick = await RespClient.SubscribeAsync(address, SharingFeedFixture.Password);
        var counters = host.Server.Get<FeedCounters>();
        var title = new string('t', 32 * 1024);
        var sent = 0;

        // Until what the network takes in between is full too.
        while (counters.SlowDisconnects == 0 && sent < 2000)
        {
            await SharingFeedFixture.PublishAsync(host, SharingEventWriter.SnippetCreated($"s{sent++}", title, "a", "A", [], null, null, null), "nobody");
            Assert.Contains($"\"s{sent - 1}\"", await quick.NextMessageAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(1, counters.SlowDisconnects);
        await slow.WaitForEndAsync();
        await Eventually.TrueAsync(() => counters.Subscribers(FeedKind.SharedResp) == 1, () => "the slow reader to be forgotten");
    }

    [Fact]
    public async Task Who_does_not_log_in_in_time_is_cut_and_who_does_may_stay_silent()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await SharingTestHost.StartAsync(SharingFeedFixture.Settings, time);
        var address = host.Server.Server.RespAddress!;
        await using var silent = await RespClient.ConnectAsync(address);
        await using var refused = await RespClient.ConnectAsync(address);
        Assert.Equal(NoAuth, await refused.AskErrorAsync("PING"));
        await using var subscriber = await RespClient.SubscribeAsync(address, SharingFeedFixture.Password);
        var connections = host.Server.Get<FeedConnections>();
        await Eventually.TrueAsync(() => connections.Count == 3, () => "three connections");
        time.Advance(TimeSpan.FromSeconds(11));
        await silent.WaitForEndAsync();
        await refused.WaitForEndAsync();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["pong", string.Empty], await subscriber.AskArrayAsync("PING"));
    }

    [Fact]
    public async Task There_is_a_limit_of_connections()
    {
        await using var host = await SharingTestHost.StartAsync(SharingFeedFixture.Settings + "\npeersync.sharing.resp.max-connections = 1");
        var address = host.Server.Server.RespAddress!;
        var first = await RespClient.SubscribeAsync(address, SharingFeedFixture.Password);
        await using (var second = await RespClient.ConnectAsync(address))
        {
            await second.WaitForEndAsync();
        }

        await first.DisposeAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await using var third = await RespClient.ConnectAsync(address);
                try
                {
                    return await third.AskAsync("AUTH", SharingFeedFixture.Password) is "OK";
                }
                catch (Exception exception) when (exception is IOException)
                {
                    return false;
                }
            },
            () => "room for another connection");
    }

    [Fact]
    public async Task A_server_that_stops_lets_its_listeners_go()
    {
        await using var host = await SharingTestHost.StartAsync(SharingFeedFixture.Settings);
        await using var client = await RespClient.SubscribeAsync(host.Server.Server.RespAddress!, SharingFeedFixture.Password);
        var stopping = host.Server.Server.StopAsync(CancellationToken.None);
        await client.WaitForEndAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task With_a_certificate_TLS_is_spoken()
    {
        var folder = Directory.CreateTempSubdirectory("peersync-resp-").FullName;
        try
        {
            var certificate = WriteCertificate(folder);
            await using var host = await SharingTestHost.StartAsync($"{SharingFeedFixture.Settings}\n{certificate}");
            var address = host.Server.Server.RespAddress!;
            Assert.Equal("rediss", address.Scheme);
            await using var client = await RespClient.SubscribeAsync(address, SharingFeedFixture.Password);
            await SharingFeedFixture.PublishAsync(host, "u");
            Assert.Equal("""{"event":"keys:changed","payload":{"userId":"u"}}""", await client.NextMessageAsync());

            // Who does not speak TLS is not spoken with.
            await using var plain = await RespClient.ConnectAsync(new Uri($"redis://{address.Authority}"));
            await plain.SendAsync("PING");
            await plain.WaitForEndAsync();
            Assert.Equal("OK", await (await RespClient.ConnectAsync(address)).AskAsync("AUTH", SharingFeedFixture.Password));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_listener_can_be_closed()
    {
        await using var host = await SharingTestHost.StartAsync("peersync.sharing.resp.port = off");
        Assert.Null(host.Server.Server.RespAddress);
        var (status, body) = await host.AskAsync(HttpMethod.Get, $"{SharingTestHost.Base}/realtime");
        Assert.Equal(200, status);
        Assert.False(body!.AsObject().ContainsKey("resp"));
    }

    [Fact]
    public async Task A_document_tells_where_the_feed_is()
    {
        var (status, body) = await Host.AskAsync(HttpMethod.Get, $"{SharingTestHost.Base}/realtime");
        Assert.Equal(200, status);
        Assert.Equal(
            $$$"""{"resp":{"port":{{{fixture.Resp.Port}}},"tls":false,"channel":"{{{Channel}}}"},"websocket":"/osmynt-api-engine/protected/realtime","sse":"/osmynt-api-engine/protected/realtime"}""",
            body!.ToJsonString());
    }

    /// <summary>Makes a certificate for this machine, and the settings that name it.</summary>
    internal static string WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var path = Path.Combine(folder, "resp.pem");
        var keyPath = Path.Combine(folder, "resp.key");
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return $$"""peersync.sharing.resp.certificate { path = "{{path}}", key-path = "{{keyPath}}" }""";
    }
}
