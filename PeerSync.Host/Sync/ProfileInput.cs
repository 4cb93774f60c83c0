using System.Text.Json;
using PeerSync.Protocol.Sync;

namespace PeerSync.Host.Sync;

/// <summary>Reads a change of a profile as the original did (PocketBridge contract, section 5.1).</summary>
internal static class ProfileInput
{
    private const int MaxDisplayName = 100;
    private const int MaxEmail = 255;

    /// <summary>Reads and normalises what a body wants changed.</summary>
    /// <param name="body">The body.</param>
    /// <param name="error">What is wrong with it; null where nothing is.</param>
    public static ProfileUpdate? Read(SyncBody body, out string? error)
    {
        var update = new ProfileUpdate();
        if (body.Member("display_name") is { ValueKind: not JsonValueKind.Undefined } name)
        {
            if (SyncBody.TextOf(name) is not { } text)
            {
                error = "display_name must be a string";
                return null;
            }

            text = TextCut.To(text.Trim(), MaxDisplayName);
            if (text.Length == 0)
            {
                error = "display_name cannot be empty after sanitization";
                return null;
            }

            update = update with { DisplayName = text };
        }

        if (!TryReadEmail(body, ref update, out error) || !TryReadPreferences(body, ref update, out error))
        {
            return null;
        }

        var isEmpty = update is { DisplayName: null, HasEmail: false, Preferences: null };
        error = isEmpty ? "No valid updates provided" : null;
        return isEmpty ? null : update;
    }

    private static bool TryReadEmail(SyncBody body, ref ProfileUpdate update, out string? error)
    {
        error = null;
        var member = body.Member("email");
        if (member.ValueKind == JsonValueKind.Undefined)
        {
            return true;
        }

        var text = SyncBody.TextOf(member)?.Trim();
        if (text is null && member.ValueKind != JsonValueKind.Null)
        {
            error = "email must be a string or null";
            return false;
        }

        if (!string.IsNullOrEmpty(text) && !IsEmail(text))
        {
            error = "Invalid email format";
            return false;
        }

        update = update with { HasEmail = true, Email = string.IsNullOrEmpty(text) ? null : text };
        return true;
    }

    private static bool TryReadPreferences(SyncBody body, ref ProfileUpdate update, out string? error)
    {
        error = null;
        var member = body.Member("preferences");
        if (member.ValueKind == JsonValueKind.Undefined)
        {
            return true;
        }

        if (member.ValueKind != JsonValueKind.Object)
        {
            error = "preferences must be an object";
            return false;
        }

        var theme = SyncBody.Text(member, "theme");
        update = update with
        {
            Preferences = new ProfilePreferences(
                theme is "light" or "dark" or "auto" ? theme : null,
                SwitchOf(SyncBody.Member(member, "notifications")),
                SwitchOf(SyncBody.Member(member, "autoSync"))),
        };
        return true;
    }

    private static bool? SwitchOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Something, an at sign, something with a dot inside, and no white space.</summary>
    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || text.Length > MaxEmail || text.LastIndexOf('@') != at || text.Any(char.IsWhiteSpace))
        {
            return false;
        }

        var dot = text.LastIndexOf('.');
        return dot > at + 1 && dot < text.Length - 1;
    }
}
