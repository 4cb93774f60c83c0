using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using PeerSync.Host.Identity;

namespace PeerSync.Tests.Identity;

public sealed class JsonWebKeySetCacheTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IdentityClock _clock = new();
    private readonly JsonWebKeySetOptions _options = new();

    [Fact]
    public async Task Fetches_once_and_then_answers_from_memory()
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"), TestKeys.EcJwk("e"));
        await using var cache = CreateCache(server);
        Assert.NotNull((await Find(cache, "r")).Key);
        var lookup = cache.FindAsync("e", CancellationToken.None).AsTask();
        Assert.True(lookup.IsCompletedSuccessfully);
        Assert.NotNull((await lookup).Key);
        Assert.Equal(1, server.Requests);
        Assert.Equal(new KeySetState(2, _clock.GetUtcNow(), null, null), cache.State);
    }

    [Fact]
    public async Task Started_early_it_has_the_keys_before_the_first_token()
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        await using var cache = CreateCache(server);
        cache.Start();
        cache.Start();
        Assert.NotNull((await Find(cache, "r")).Key);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task All_who_wait_share_one_fetch_and_one_who_leaves_does_not_stop_it()
    {
        await using var server = await KeyServer.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Respond = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync(TestKeys.KeySet(TestKeys.RsaJwk("r")));
        };
        await using var cache = CreateCache(server);
        using var leaving = new CancellationTokenSource();
        var first = cache.FindAsync("r", leaving.Token).AsTask();
        var others = new Task<KeyLookup>[200];
        Parallel.For(0, others.Length, i => others[i] = Find(cache, "r"));
        await server.NextRequestAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Patience));
        Assert.All(others, other => Assert.False(other.IsCompleted));
        release.SetResult();
        var lookups = await Task.WhenAll(others);
        Assert.All(lookups, lookup => Assert.NotNull(lookup.Key));
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_set_is_fetched_again_when_its_time_is_over_and_nobody_waits_for_that()
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        await using var cache = CreateCache(server);
        await Find(cache, "r");
        await server.NextRequestAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Respond = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync(TestKeys.KeySet(TestKeys.EcJwk("e")));
        };
        _clock.Advance(_options.Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(1, server.Requests);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await server.NextRequestAsync();
        var lookup = cache.FindAsync("r", CancellationToken.None).AsTask();
        Assert.True(lookup.IsCompletedSuccessfully);
        Assert.NotNull((await lookup).Key);
        var joined = Find(cache, "e");
        release.SetResult();
        Assert.NotNull((await joined).Key);
        Assert.Equal(KeyLookup.Unknown, await Find(cache, "r"));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_rotated_key_is_found_by_its_new_name()
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("old"));
        await using var cache = CreateCache(server);
        var old = (await Find(cache, "old")).Key;
        using var rotated = RSA.Create(2048);
        server.Document = TestKeys.KeySet(TestKeys.RsaJwk("new", rotated), TestKeys.RsaJwk("old"));
        _clock.Advance(_options.MinimumRefreshInterval);
        var found = (await Find(cache, "new")).Key;
        Assert.NotNull(found);
        Assert.True(found.Verify("x"u8, rotated.SignData("x"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        Assert.NotNull(old);
        Assert.False(old.Verify("x"u8, rotated.SignData("x"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task Unknown_names_cause_at_most_one_fetch_an_interval_and_a_denied_name_none()
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        await using var cache = CreateCache(server);
        Assert.Equal(KeyLookup.Unknown, await Find(cache, "denied"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(KeyLookup.Unknown, await Find(cache, $"unknown-{i}"));
        }

        Assert.Equal(1, server.Requests);
        _clock.Advance(_options.MinimumRefreshInterval);
        Assert.Equal(KeyLookup.Unknown, await Find(cache, "denied"));
        Assert.Equal(1, server.Requests);
        Assert.Equal(KeyLookup.Unknown, await Find(cache, "unknown-1"));
        Assert.Equal(2, server.Requests);
        _clock.Advance(_options.UnknownKeyLifetime);
        server.Document = TestKeys.KeySet(TestKeys.RsaJwk("denied"));
        Assert.NotNull((await Find(cache, "denied")).Key);
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task A_dead_service_leaves_the_last_good_set_in_use()
    {
        var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        await using var cache = CreateCache(server);
        await Find(cache, "r");
        var fetchedAt = _clock.GetUtcNow();
        await server.DisposeAsync();
        _clock.Advance(_options.Lifetime);
        Assert.Equal(KeyLookup.Unavailable, await Find(cache, "other"));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(KeyLookup.Unavailable, await Find(cache, "another"));
        Assert.NotNull((await Find(cache, "r")).Key);
        var state = cache.State;
        Assert.Equal(1, state.KeyCount);
        Assert.Equal(fetchedAt, state.FetchedAt);
        Assert.Equal(_clock.GetUtcNow(), state.FailedAt);
        Assert.Equal("HTTP request failed (ConnectionError)", state.Failure);
    }

    [Fact]
    public async Task A_failed_fetch_is_tried_again_by_itself_with_a_growing_delay()
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        server.Respond = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using var cache = CreateCache(server);
        var requests = 0;
        foreach (var delay in new[] { 0, 5, 10, 20, 30, 30 })
        {
            if (delay > 0)
            {
                _clock.Advance(TimeSpan.FromSeconds(delay) - TimeSpan.FromTicks(1));
                Assert.Equal(KeyLookup.Unavailable, await Find(cache, "r"));
                Assert.Equal(requests, server.Requests);
                _clock.Advance(TimeSpan.FromTicks(1));
            }

            Assert.Equal(KeyLookup.Unavailable, await Find(cache, "r"));
            Assert.Equal(++requests, server.Requests);
        }

        Assert.Equal("HTTP status 503", cache.State.Failure);
        server.Respond = null;
        _clock.Advance(_options.MinimumRefreshInterval);
        Assert.NotNull((await Find(cache, "r")).Key);
        Assert.Null(cache.State.Failure);
        Assert.NotNull(cache.State.FailedAt);
    }

    [Fact]
    public async Task A_slow_service_is_given_up_in_time()
    {
        await using var server = await KeyServer.StartAsync();
        server.Respond = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        await using var cache = CreateCache(server);
        var lookup = Find(cache, "r");
        await server.NextRequestAsync();
        _clock.Advance(_options.RequestTimeout);
        Assert.Equal(KeyLookup.Unavailable, await lookup);
        Assert.Equal("no answer in time", cache.State.Failure);
    }

    [Fact]
    public async Task A_body_that_never_ends_is_given_up_in_time()
    {
        await using var server = await KeyServer.StartAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Respond = async context =>
        {
            await context.Response.WriteAsync("""{"keys":[""");
            await context.Response.Body.FlushAsync();
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        await using var cache = CreateCache(server);
        var lookup = Find(cache, "r");
        await begun.Task.WaitAsync(Patience);
        _clock.Advance(_options.RequestTimeout);
        Assert.Equal(KeyLookup.Unavailable, await lookup);
    }

    [Fact]
    public async Task A_document_has_at_most_256_kib()
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        server.Document += new string(' ', _options.MaxDocumentSize - server.Document.Length);
        await using (var cache = CreateCache(server))
        {
            Assert.NotNull((await Find(cache, "r")).Key);
        }

        server.Document += " ";
        await using (var cache = CreateCache(server))
        {
            Assert.Equal(KeyLookup.Unavailable, await Find(cache, "r"));
            Assert.Equal("the document is too large", cache.State.Failure);
        }

        server.Respond = async context =>
        {
            for (var i = 0; i < 100 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.WriteAsync(new string(' ', 64 * 1024));
                await context.Response.Body.FlushAsync();
            }
        };
        await using (var cache = CreateCache(server))
        {
            Assert.Equal(KeyLookup.Unavailable, await Find(cache, "r"));
            Assert.Equal("the document is too large", cache.State.Failure);
        }
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirects_are_not_followed(int status)
    {
        await using var elsewhere = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        await using var server = await KeyServer.StartAsync();
        server.Respond = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Address.ToString();
            return Task.CompletedTask;
        };
        await using var cache = CreateCache(server);
        Assert.Equal(KeyLookup.Unavailable, await Find(cache, "r"));
        Assert.Equal($"HTTP status {status}", cache.State.Failure);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Theory]
    [InlineData("<html>maintenance</html>")]
    [InlineData("")]
    [InlineData("{}")]
    public async Task A_document_that_is_no_set_replaces_nothing(string document)
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        await using var cache = CreateCache(server);
        await Find(cache, "r");
        server.Document = document;
        _clock.Advance(_options.MinimumRefreshInterval);
        Assert.Equal(KeyLookup.Unavailable, await Find(cache, "other"));
        Assert.NotNull((await Find(cache, "r")).Key);
        Assert.Equal("the document is not a key set", cache.State.Failure);
    }

    [Fact]
    public async Task An_empty_set_means_that_no_key_is_genuine()
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        await using var cache = CreateCache(server);
        await Find(cache, "r");
        server.Document = TestKeys.KeySet();
        _clock.Advance(_options.MinimumRefreshInterval);
        Assert.Equal(KeyLookup.Unknown, await Find(cache, "other"));
        Assert.Equal(KeyLookup.Unknown, await Find(cache, "r"));
    }

    [Fact]
    public async Task Disposing_ends_a_fetch_and_tells_those_who_wait()
    {
        await using var server = await KeyServer.StartAsync();
        server.Respond = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var cache = CreateCache(server);
        var lookup = Find(cache, "r");
        await server.NextRequestAsync();
        await cache.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(KeyLookup.Unavailable, await lookup);
        Assert.Equal(KeyLookup.Unavailable, await Find(cache, "r"));
        cache.Start();
        await cache.DisposeAsync();
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public void Denied_names_are_forgotten_when_they_are_old_or_too_many()
    {
        var unknown = new UnknownKeys(TimeSpan.FromMinutes(2), capacity: 3);
        var now = _clock.GetUtcNow();
        for (var i = 0; i < 1_000; i++)
        {
            unknown.Add($"k{i}", now);
            unknown.Add($"k{i}", now);
            Assert.True(unknown.Contains($"k{i}", now));
            Assert.InRange(unknown.Count, 1, 3);
        }

        Assert.False(unknown.Contains("k996", now));
        Assert.True(unknown.Contains("k999", now + TimeSpan.FromSeconds(119)));
        Assert.False(unknown.Contains("k999", now + TimeSpan.FromSeconds(120)));
        unknown.Add("k999", now + TimeSpan.FromSeconds(120));
        Assert.True(unknown.Contains("k999", now + TimeSpan.FromSeconds(239)));
        Assert.Equal(1, unknown.Count);
    }

    private static Task<KeyLookup> Find(JsonWebKeySetCache cache, string keyId) => cache.FindAsync(keyId, CancellationToken.None).AsTask().WaitAsync(Patience);

    private JsonWebKeySetCache CreateCache(KeyServer server) => new(server.Address, _options, _clock, NullLogger<JsonWebKeySetCache>.Instance);
}
