using System.Globalization;
using System.Text.Json;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Configuration;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Users' devices and their keys (Sharing contract, section 3).</summary>
internal sealed class KeysEndpoints(ISharingDevices devices, SharingKeyCheck keys, ISharingFeedSink feed, PeerSyncOptions options)
{
    private readonly int _maxDevices = options.Sharing.MaxDevices;

    public void Map(SharingRoutes routes)
    {
        routes.Protected(HttpMethods.Post, "/keys/register", RegisterAsync).WithMetadata(SharingBodyLimit.Small);
        routes.Protected(HttpMethods.Get, "/keys/me", ListAsync);
        routes.Protected(HttpMethods.Get, "/keys/team/default", ListOfFirstTeamAsync);
        routes.Protected(HttpMethods.Get, "/keys/team/{teamId}", ListOfTeamAsync);
        routes.Protected(HttpMethods.Delete, "/keys/device/{deviceId}", (context, caller) => RemoveAsync(context, caller, isForced: false));
        routes.Protected(HttpMethods.Delete, "/keys/device/{deviceId}/force", (context, caller) => RemoveAsync(context, caller, isForced: true));
    }

    private async Task RegisterAsync(HttpContext context, SharingCaller caller)
    {
        if (await SharingBody.ReadObjectAsync(context) is not { } body)
        {
            return;
        }

        if (SharingDeviceInput.Read(body) is not { } device)
        {
            await SharingBody.WriteInvalidAsync(context);
            return;
        }

        var outcome = await devices.RegisterAsync(caller.UserId, device, _maxDevices, Changed(caller), context.RequestAborted);
        Publish(outcome.Event);
        await (outcome.Status switch
        {
            SharingRegistrationStatus.TooMany => SharingAnswer.WriteErrorAsync(
                context, StatusCodes.Status409Conflict, string.Create(CultureInfo.InvariantCulture, $"Device limit reached ({_maxDevices})")),
            SharingRegistrationStatus.UnknownUser => SharingAccess.WriteUnauthorizedAsync(context),
            _ => SharingAnswer.WriteOkAsync(context),
        });
    }

    private async Task ListAsync(HttpContext context, SharingCaller caller)
    {
        var own = await devices.ListAsync(caller.UserId, context.RequestAborted);
        await SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartArray("devices"u8);
            for (var i = 0; i < own.Count; i++)
            {
                writer.WriteStartObject();
                WriteKeys(writer, own[i]);
                if (own[i].SigningKey is null)
                {
                    writer.WriteNull("signingPublicKeyJwk"u8);
                }

                writer.WriteString("createdAt"u8, SharingAnswer.Iso(own[i].CreatedAt));
                writer.WriteBoolean("isPrimary"u8, i == 0);
                writer.WriteString("fingerprint"u8, own[i].Fingerprint);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private async Task ListOfFirstTeamAsync(HttpContext context, SharingCaller caller) =>
        await WriteRecipientsAsync(context, await devices.ListOfFirstTeamAsync(caller.UserId, context.RequestAborted));

    private async Task ListOfTeamAsync(HttpContext context, SharingCaller caller)
    {
        var recipients = await devices.ListOfTeamAsync(SharingPath.Value(context, "teamId"), caller.UserId, context.RequestAborted);
        await (recipients is null
            ? SharingAnswer.WriteErrorAsync(context, StatusCodes.Status403Forbidden, "Forbidden")
            : WriteRecipientsAsync(context, recipients));
    }

    private async Task RemoveAsync(HttpContext context, SharingCaller caller, bool isForced)
    {
        var deviceId = SharingPath.Value(context, "deviceId");
        var outcome = await devices.RemoveAsync(caller.UserId, deviceId, isForced, Changed(caller), context.RequestAborted);
        Publish(outcome.Event);
        await (outcome.IsRefused
            ? SharingAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "Cannot remove primary device")
            : SharingAnswer.WriteOkAsync(context));
    }

    private Task WriteRecipientsAsync(HttpContext context, IReadOnlyList<SharingRecipient> recipients) =>
        SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartArray("recipients"u8);
            foreach (var recipient in recipients)
            {
                if (!keys.IsGood(recipient.Device.EncryptionKey))
                {
                    continue;
                }

                writer.WriteStartObject();
                writer.WriteString("userId"u8, recipient.UserId);
                WriteKeys(writer, recipient.Device);
                writer.WriteString("fingerprint"u8, recipient.Device.Fingerprint);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });

    private static void WriteKeys(Utf8JsonWriter writer, SharingDevice device)
    {
        writer.WriteString("deviceId"u8, device.DeviceId);
        writer.WritePropertyName("encryptionPublicKeyJwk"u8);
        writer.WriteRawValue(device.EncryptionKey);
        if (device.SigningKey is { } signingKey)
        {
            writer.WritePropertyName("signingPublicKeyJwk"u8);
            writer.WriteRawValue(signingKey);
        }
    }

    private static SharingEventText Changed(SharingCaller caller) => SharingEventWriter.KeysChanged(caller.UserId).ToText();

    private void Publish(SharingEvent? sharingEvent)
    {
        if (sharingEvent is not null)
        {
            feed.Publish(sharingEvent);
        }
    }
}
