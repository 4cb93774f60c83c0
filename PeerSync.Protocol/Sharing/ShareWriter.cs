using System.Buffers;
using System.Text;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sharing;

/// <summary>
/// Writes the answers about shares (Sharing contract, section 5). Metadata, keys and wrapped keys are put into them as the texts that they were stored as,
/// so that every reader gets what the author sent.
/// </summary>
/// <remarks>Pure functions, safe on any thread.</remarks>
public static class ShareWriter
{
    /// <summary>Writes a share whole.</summary>
    public static void WriteShare(IBufferWriter<byte> output, SharedCode share)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(share);
        output.Write("{\"ver\":1,\"alg\":\"ECDH-P256+A256GCM\",\"id\":"u8);
        output.WriteString(share.Id);
        output.Write(",\"authorId\":"u8);
        output.WriteString(share.AuthorId);
        output.Write(",\"authorName\":"u8);
        output.WriteString(share.AuthorName);
        WriteTime(output, "createdAt"u8, share.CreatedAt);
        WriteTime(output, "expiresAt"u8, share.ExpiresAt);
        output.Write(",\"ciphertextB64u\":"u8);
        output.WriteString(share.Ciphertext);
        output.Write(",\"ivB64u\":"u8);
        output.WriteString(share.Iv);
        output.Write(",\"aad\":"u8);
        if (share.Aad is null)
        {
            output.Write("null"u8);
        }
        else
        {
            output.WriteString(share.Aad);
        }

        WriteWraps(output, share.Wraps);
        output.Write(",\"metadata\":"u8);
        WriteRaw(output, share.Metadata);
        output.Write("}"u8);
    }

    /// <summary>Writes a page of a list.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="items">The shares, newest first.</param>
    /// <param name="nextCursor">Where the next page begins; null on the last one.</param>
    public static void WriteList(IBufferWriter<byte> output, IReadOnlyList<ListedCode> items, string? nextCursor)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(items);
        BeginItems(output);
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            output.Write(i == 0 ? "{\"id\":"u8 : ",{\"id\":"u8);
            output.WriteString(item.Id);
            WriteTime(output, "createdAt"u8, item.CreatedAt);
            WriteTime(output, "expiresAt"u8, item.ExpiresAt);
            output.Write(",\"authorId\":"u8);
            output.WriteString(item.AuthorId);
            output.Write(",\"authorName\":"u8);
            output.WriteString(item.AuthorName);
            output.Write(",\"metadata\":"u8);
            WriteRaw(output, item.Metadata);
            if (item.Wraps is not null)
            {
                WriteWraps(output, item.Wraps);
            }

            output.Write("}"u8);
        }

        EndItems(output, nextCursor);
    }

    /// <summary>Writes a page of shares that miss wrapped keys.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="items">The shares, newest first.</param>
    /// <param name="nextCursor">Where the next page begins; null on the last one.</param>
    public static void WriteMissing(IBufferWriter<byte> output, IReadOnlyList<UnwrappedCode> items, string? nextCursor)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(items);
        BeginItems(output);
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            output.Write(i == 0 ? "{\"id\":"u8 : ",{\"id\":"u8);
            output.WriteString(item.Id);
            if (item.TeamId is not null)
            {
                output.Write(",\"teamId\":"u8);
                output.WriteString(item.TeamId);
            }

            output.Write(",\"recipients\":["u8);
            for (var j = 0; j < item.Devices.Count; j++)
            {
                WriteDevice(output, item.Devices[j], isFirst: j == 0);
            }

            output.Write("]}"u8);
        }

        EndItems(output, nextCursor);
    }

    private static void WriteDevice(IBufferWriter<byte> output, UnwrappedDevice device, bool isFirst)
    {
        output.Write(isFirst ? "{\"userId\":"u8 : ",{\"userId\":"u8);
        output.WriteString(device.UserId);
        output.Write(",\"deviceId\":"u8);
        output.WriteString(device.DeviceId);
        output.Write(",\"encryptionPublicKeyJwk\":"u8);
        WriteRaw(output, device.EncryptionKey);
        output.Write(",\"fingerprint\":"u8);
        output.WriteString(device.Fingerprint);
        output.Write("}"u8);
    }

    private static void BeginItems(IBufferWriter<byte> output) => output.Write("{\"items\":["u8);

    private static void EndItems(IBufferWriter<byte> output, string? nextCursor)
    {
        output.Write("]"u8);
        if (nextCursor is not null)
        {
            output.Write(",\"nextCursor\":"u8);
            output.WriteString(nextCursor);
        }

        output.Write("}"u8);
    }

    private static void WriteWraps(IBufferWriter<byte> output, IReadOnlyList<string> wraps)
    {
        output.Write(",\"wrappedKeys\":["u8);
        for (var i = 0; i < wraps.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            WriteRaw(output, wraps[i]);
        }

        output.Write("]"u8);
    }

    private static void WriteRaw(IBufferWriter<byte> output, string json) => Encoding.UTF8.GetBytes(json, output);

    private static void WriteTime(IBufferWriter<byte> output, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is not { } at)
        {
            return;
        }

        output.Write(",\""u8);
        output.Write(name);
        output.Write("\":\""u8);
        var span = output.GetSpan(JsonTimestamp.Length);
        JsonTimestamp.Write(at, span);
        output.Advance(JsonTimestamp.Length);
        output.Write("\""u8);
    }
}
