using System.Globalization;
using System.Text;

namespace PeerSync.Bench.Sharing;

/// <summary>The requests that are measured, as they go over the wire.</summary>
internal static class SharingRequests
{
    /// <summary>The request of a scenario.</summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="options">How large things are.</param>
    public static byte[] Create(string scenario, SharingUser user, SharingOptions options) => scenario switch
    {
        "me" => Get("/keys/me", user),
        "list" => Get("/code-share/team/list?teamId=" + user.TeamId, user),
        _ => Share(user, options),
    };

    /// <summary>A share with the team of its author.</summary>
    public static byte[] Share(SharingUser user, SharingOptions options)
    {
        var wraps = string.Join(',', Enumerable.Range(0, options.Wraps).Select(number => Wrap(user, number)));
        var body = $$$"""
            {"ciphertextB64u":"{{{new string('c', options.Size)}}}","ivB64u":"AAAAAAAAAAAAAAAA","wrappedKeys":[{{{wraps}}}],"metadata":{"teamId":"{{{user.TeamId}}}","title":"A snippet of the bench","fileExt":"ts","relativeFilePath":"src/index.ts","startLine":10,"endLine":42}}
            """;
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{Head("POST", "/code-share/share", user)}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }

    private static string Wrap(SharingUser user, int number)
    {
        // Of the length that AES-256-GCM gives: 48 bytes of wrapped key, 12 of the vector, and a whole public key.
        var device = string.Create(CultureInfo.InvariantCulture, $"1760000000000-dev{number:D3}");
        return $$$"""
            {"recipientUserId":"{{{user.Id}}}","recipientDeviceId":"{{{device}}}","senderEphemeralPublicKeyJwk":{"key_ops":[],"ext":true,"kty":"EC","x":"{{{new string('x', 43)}}}","y":"{{{new string('y', 43)}}}","crv":"P-256"},"wrappedCekB64u":"{{{new string('w', 64)}}}","wrapIvB64u":"AAAAAAAAAAAAAAAA"}
            """;
    }

    private static byte[] Get(string path, SharingUser user) => Encoding.ASCII.GetBytes(Head("GET", path, user) + "\r\n");

    private static string Head(string method, string path, SharingUser user) =>
        $"{method} {SharingTarget.Base}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {user.Token}\r\n";
}
