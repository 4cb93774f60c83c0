using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using PeerSync.Host.Sharing;

namespace PeerSync.Tests.Sharing;

/// <summary>Ids in paths are decoded once.</summary>
public sealed class SharingPathTests
{
    [Theory]
    [InlineData("/keys/device/plain", "plain", "plain")]
    [InlineData("/keys/device/a%20b?x=%2F", "a b", "a b")]
    [InlineData("/keys/device/a%2Fb", "a%2Fb", "a/b")]
    [InlineData("/keys/device/a%2fb%2Fc?q", "a%2fb%2Fc", "a/b/c")]
    [InlineData("/keys/device/a%252Fb", "a%2Fb", "a%2Fb")]
    [InlineData("/keys/x/../device/a%2Fb", "a%2Fb", "a%2Fb")]
    [InlineData("/keys", "a%2Fb", "a%2Fb")]
    public void A_parameter_is_what_was_encoded(string target, string routed, string expected)
    {
        var context = new DefaultHttpContext();
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = target;
        context.Request.RouteValues["deviceId"] = routed;
        context.SetEndpoint(new RouteEndpoint(static _ => Task.CompletedTask, RoutePatternFactory.Parse("/keys/device/{deviceId}"), 0, null, null));

        Assert.Equal(expected, SharingPath.Value(context, "deviceId"));
    }
}
