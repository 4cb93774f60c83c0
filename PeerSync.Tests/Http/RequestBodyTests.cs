using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PeerSync.Host.Http;

namespace PeerSync.Tests.Http;

public sealed class RequestBodyTests : IAsyncLifetime
{
    private const int Limit = 102_400;
    private const string Malformed = """{"message":"Malformed request body","error":"Bad Request","statusCode":400}""";
    private const string TooLarge = """{"statusCode":413,"message":"request entity too large"}""";
    private const string NoText = "(none)";

    private HttpTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await HttpTestServer.StartAsync(new HttpTestSetup
    {
        Http = new PeerSyncHttpOptions { RateLimit = new HttpRateLimitOptions { Enabled = false } },
        Map = static app => app.MapPost("/echo", EchoAsync),
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("""{"text":"hello"}""", "hello")]
    [InlineData(" \r\n\t{\"other\":[1,{\"text\":\"no\"}],\"text\":\"h\\u00e9llo\"} ", "h\u00e9llo")]
    [InlineData("""{"text":"first","text":"last"}""", "last")]
    [InlineData("\uFEFF{\"text\":\"after a mark\"}", "after a mark")]
    [InlineData("""{"text":""}""", "")]
    [InlineData("""{"text":null}""", NoText)]
    [InlineData("""{"text":5}""", NoText)]
    [InlineData("""{"text":{"a":1}}""", NoText)]
    [InlineData("""{"text":"\ud800"}""", NoText)]
    [InlineData("""{"Text":"the case matters"}""", NoText)]
    [InlineData("{}", NoText)]
    [InlineData("[]", NoText)]
    [InlineData("""[{"text":"no"}]""", NoText)]
    [InlineData("", NoText)]
    public Task Json(string json, string expected) => AssertTextAsync("application/json", json, expected);

    [Theory]
    [InlineData("text=hello", "hello")]
    [InlineData("a=1&text=h%C3%A9llo+there&b", "h\u00e9llo there")]
    [InlineData("text=", "")]
    [InlineData("text", "")]
    [InlineData("text=a&text=b", NoText)]
    [InlineData("text[a]=b", NoText)]
    [InlineData("other=1", NoText)]
    [InlineData("", NoText)]
    public Task Form(string form, string expected) => AssertTextAsync("application/x-www-form-urlencoded", form, expected);

    [Theory]
    [InlineData("application/json; charset=utf-8", "there")]
    [InlineData("APPLICATION/JSON", "there")]
    [InlineData("text/plain", NoText)]
    [InlineData("application/octet-stream", NoText)]
    [InlineData("multipart/form-data; boundary=x", NoText)]
    public Task OtherTypesAreEmpty(string contentType, string expected) => AssertTextAsync(contentType, """{"text":"there"}""", expected);

    [Theory]
    [InlineData("{bad")]
    [InlineData("\"str\"")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("   ")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{'a':1}")]
    [InlineData("// nothing\n{}")]
    [InlineData("{\"a\":NaN}")]
    public async Task WhatIsNotAnObjectOrArrayIsRefused(string json)
    {
        using var response = await PostAsync("application/json", Encoding.UTF8.GetBytes(json));
        await HttpAssert.JsonAsync(response, HttpStatusCode.BadRequest, Malformed);
    }

    [Fact]
    public async Task InvalidUtf8IsRefused()
    {
        using var response = await PostAsync("application/json", [.. "{\"text\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        await HttpAssert.JsonAsync(response, HttpStatusCode.BadRequest, Malformed);
    }

    [Fact]
    public async Task TooDeepIsRefused()
    {
        using var response = await PostAsync("application/json", Encoding.UTF8.GetBytes(new string('[', 5_000) + new string(']', 5_000)));
        await HttpAssert.JsonAsync(response, HttpStatusCode.BadRequest, Malformed);
    }

    [Fact]
    public async Task TruncatedAnywhereIsRefused()
    {
        var whole = Encoding.UTF8.GetBytes("""{"text":"h\u00e9llo \u00e9","n":[1,-2.5e3,true,null]}""");
        for (var length = 1; length < whole.Length; length++)
        {
            using var response = await PostAsync("application/json", whole[..length]);
            await HttpAssert.JsonAsync(response, HttpStatusCode.BadRequest, Malformed);
        }
    }

    [Fact]
    public async Task SplitAnywhereIsTheSame()
    {
        const string json = """{"text":"split","n":[1,{"a":true}]}""";
        for (var at = 1; at < json.Length; at++)
        {
            var request = RawHttp.Request("POST", "/echo", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n");
            var answer = await RawHttp.ExchangeAsync(_server.Address, request, Chunk(json[..at]), Chunk(json[at..]), Chunk(string.Empty));
            Assert.Contains("\r\nsplit\r\n", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RandomBytesNeverFail()
    {
        var random = new Random(20_260_102);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                bytes[0] = (byte)'{';
            }

            using var json = await PostAsync("application/json", bytes);
            await HttpAssert.JsonAsync(json, HttpStatusCode.BadRequest, Malformed);
            using var form = await PostAsync("application/x-www-form-urlencoded", bytes);
            Assert.Equal(HttpStatusCode.OK, form.StatusCode);
        }
    }

    [Theory]
    [InlineData(Limit, false)]
    [InlineData(Limit + 1, true)]
    [InlineData(Limit * 2, true)]
    public async Task TheLimitIsExact(int size, bool isTooLarge)
    {
        var json = Encoding.UTF8.GetBytes("{\"text\":\"" + new string('x', size - 11) + "\"}");
        Assert.Equal(size, json.Length);
        foreach (var chunked in (bool[])[false, true])
        {
            using var response = await PostAsync("application/json", json, chunked);
            if (isTooLarge)
            {
                await HttpAssert.JsonAsync(response, HttpStatusCode.RequestEntityTooLarge, TooLarge);
            }
            else
            {
                Assert.Equal(size - 11, (await response.Content.ReadAsStringAsync()).Length);
            }
        }
    }

    [Fact]
    public async Task AnAnnouncedBodyOfAnySizeIsRefusedUnread()
    {
        var answer = await RawHttp.ExchangeAsync(
            _server.Address, RawHttp.Request("POST", "/nothing", "Content-Type: application/json\r\nContent-Length: 99999999999\r\n"));
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.EndsWith(TooLarge, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrokenChunkIsRefused()
    {
        var answer = await RawHttp.ExchangeAsync(
            _server.Address,
            RawHttp.Request("POST", "/echo", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.EndsWith(Malformed, answer, StringComparison.Ordinal);
    }

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private static async Task EchoAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        await context.Response.WriteAsync(body.Text("text") ?? NoText);
    }

    private async Task AssertTextAsync(string contentType, string body, string expected)
    {
        using var response = await PostAsync(contentType, Encoding.UTF8.GetBytes(body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> PostAsync(string contentType, byte[] body, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (chunked)
        {
            request.Headers.TransferEncodingChunked = true;
        }

        return await _server.Client.SendAsync(request);
    }
}
