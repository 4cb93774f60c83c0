using System.IO.Compression;
using System.Text;
using PeerSync.Host.OpenApi;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.OpenApi;

public sealed class ReferencePageTests(BrowserFixture browser)
{
    private const string PagePath = "/osmynt-api-engine/reference";
    private const string ScriptPath = PagePath + "/" + ReferenceScript.FileName;

    [Fact]
    public async Task ThePageShowsTheRoutesAndAsksNobodyElse()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var page = await browser.OpenAsync(new Uri(host.Address, PagePath));
        await page.WaitForAsync("document.body?.innerText.includes('Osmynt API Reference') === true", "the title");
        await page.WaitForAsync("document.body?.innerText.includes('/osmynt-api-engine/protected/keys/me') === true", "a route");
        Assert.NotEmpty(page.Requests);
        Assert.All(page.Requests, request => Assert.True(
            request.Authority == host.Address.Authority || request.Scheme is "data" or "blob", $"The page asked for {request}."));
        Assert.Contains(page.Requests, static request => request.AbsolutePath == ScriptPath);
        Assert.Contains(page.Requests, static request => request.AbsolutePath == "/osmynt-api-engine/doc");
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task ThePageIsNeverKeptAndMayLoadNothingFromElsewhere()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        using var answer = await host.Http.GetAsync(PagePath, PeerSyncTestHost.Cancel);
        Assert.Equal("text/html; charset=UTF-8", answer.Content.Headers.GetValues("Content-Type").Single());
        Assert.Equal("no-cache, no-store, must-revalidate", answer.Headers.NonValidated["Cache-Control"].ToString());
        Assert.Equal("no-cache", answer.Headers.NonValidated["Pragma"].ToString());
        Assert.Equal("0", answer.Content.Headers.NonValidated["Expires"].ToString());
        Assert.StartsWith("default-src 'none'; script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var html = await answer.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        var plain = html[html.IndexOf("<noscript>", StringComparison.Ordinal)..html.IndexOf("</noscript>", StringComparison.Ordinal)];
        Assert.Contains("<code>GET /osmynt-api-engine/protected/keys/me</code>", plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheScriptIsSentCompressedToThoseWhoCanReadThat()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        using var plain = await host.Http.GetAsync(ScriptPath, PeerSyncTestHost.Cancel);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        var script = await plain.Content.ReadAsByteArrayAsync(PeerSyncTestHost.Cancel);
        Assert.Contains("@scalar/api-reference 1.46.4", Encoding.UTF8.GetString(script.AsSpan(0, 1000)), StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, ScriptPath);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br;q=0.9");
        using var compressed = await host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        Assert.Equal(["br"], compressed.Content.Headers.ContentEncoding);
        Assert.True(compressed.Headers.CacheControl is { Public: true, MaxAge.TotalDays: >= 365 });
        Assert.Equal("Accept-Encoding", compressed.Headers.Vary.Single());
        await using var unpacked = new BrotliStream(await compressed.Content.ReadAsStreamAsync(PeerSyncTestHost.Cancel), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        await unpacked.CopyToAsync(whole, PeerSyncTestHost.Cancel);
        Assert.Equal(script, whole.ToArray());
        Assert.NotEqual(plain.Headers.ETag, compressed.Headers.ETag);

        using var again = new HttpRequestMessage(HttpMethod.Get, ScriptPath);
        again.Headers.IfNoneMatch.Add(plain.Headers.ETag!);
        using var known = await host.Http.SendAsync(again, PeerSyncTestHost.Cancel);
        Assert.Equal(System.Net.HttpStatusCode.NotModified, known.StatusCode);
    }

    [Fact]
    public async Task AnEncodingThatIsRefusedIsNotSent()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, ScriptPath);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br;q=0");
        using var answer = await host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }
}
