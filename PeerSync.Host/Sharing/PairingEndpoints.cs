using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Takes a message from one of a user's windows to the next one (Sharing contract, section 3).</summary>
internal sealed class PairingEndpoints(ISharingDevices devices)
{
    private const int MinLifetime = 1000;
    private const int MaxLifetime = 600_000;
    private const int DefaultLifetime = 300_000;
    private const int MaxToken = 1024;

    public void Map(SharingRoutes routes)
    {
        routes.Protected(HttpMethods.Post, "/keys/pairing/init", StartAsync).WithMetadata(SharingBodyLimit.Small);
        routes.Protected(HttpMethods.Post, "/keys/pairing/claim", ClaimAsync).WithMetadata(SharingBodyLimit.Small);
    }

    private async Task StartAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharingBody.ReadObjectAsync(context) is not { } body)
        {
            return;
        }

        if (SharingInput.Text(body, "deviceId", SharingDevice.MaxIdLength) is not { } deviceId
            || SharingInput.Text(body, "ivB64u", SharingPairing.MaxIvLength) is not { } iv
            || SharingInput.Text(body, "ciphertextB64u", SharingPairing.MaxCiphertextLength) is not { } ciphertext
            || SharingInput.WholeOr(body, "ttlMs", MinLifetime, MaxLifetime, DefaultLifetime) is not { } lifetime)
        {
            await SharingBody.WriteInvalidAsync(context);
            return;
        }

        // Whole seconds, as the original keeps it.
        var token = await devices.StartPairingAsync(
            caller.UserId, deviceId, new SharingPairing(iv, ciphertext), TimeSpan.FromSeconds(lifetime / 1000), context.RequestAborted);
        await (token is null
            ? SharingAnswer.WriteErrorAsync(context, StatusCodes.Status403Forbidden, "Only primary device can initiate pairing")
            : SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer => writer.WriteString("token"u8, token)));
    }

    private async Task ClaimAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharingBody.ReadObjectAsync(context) is not { } body)
        {
            return;
        }

        if (SharingInput.Text(body, "token", MaxToken) is not { } token)
        {
            await SharingBody.WriteInvalidAsync(context);
            return;
        }

        var claim = await devices.ClaimPairingAsync(caller.UserId, token, context.RequestAborted);
        await (claim switch
        {
            { Pairing: { } pairing } => SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
            {
                writer.WriteString("ivB64u"u8, pairing.Iv);
                writer.WriteString("ciphertextB64u"u8, pairing.Ciphertext);
            }),
            { IsForbidden: true } => SharingAnswer.WriteErrorAsync(context, StatusCodes.Status403Forbidden, "Forbidden"),
            _ => SharingAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, "Not found"),
        });
    }
}
