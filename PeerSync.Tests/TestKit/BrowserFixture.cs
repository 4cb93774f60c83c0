using PeerSync.Tests.TestKit;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace PeerSync.Tests.TestKit;

/// <summary>One headless Chromium for the whole test run, started by the first test that opens a page, and stopped at the end.</summary>
/// <remarks>A test class takes it as a constructor parameter. Thread-safe.</remarks>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private Chromium? _browser;
    private PageServer? _pages;

    /// <summary>Serves a document on the loopback interface and opens it in a tab of its own. The calling test is skipped where Chromium is not installed.</summary>
    /// <param name="html">The document.</param>
    internal async Task<ChromiumPage> OpenAsync(string html)
    {
        var browser = await StartAsync();
        return await ChromiumPage.OpenAsync(browser, _pages!.Publish(html));
    }

    /// <summary>Opens an address in a tab of its own. The calling test is skipped where Chromium is not installed.</summary>
    internal async Task<ChromiumPage> OpenAsync(Uri address) => await ChromiumPage.OpenAsync(await StartAsync(), address);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_pages is not null)
        {
            await _pages.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<Chromium> StartAsync()
    {
        var program = Chromium.FindProgram();
        if (program is null)
        {
            Assert.Skip(Chromium.Missing);
        }

        await _starting.WaitAsync();
        try
        {
            _pages ??= await PageServer.StartAsync();
            return _browser ??= await Chromium.StartAsync(program);
        }
        finally
        {
            _starting.Release();
        }
    }
}
