using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PeerSync.Actors.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Identity;

/// <summary>Reads from a verified payload what it says of the person.</summary>
/// <remarks>All of it is optional: what is absent, empty, not text, not valid Unicode, has a NUL in it or is far too long counts as absent.</remarks>
internal ref struct IdentityReader
{
    private const int MaxTextLength = 2048;

    private Utf8JsonReader _reader;
    private Members _seen;
    private string? _email;
    private string? _role;
    private string? _provider;
    private string? _fullName;
    private string? _name;
    private string? _preferredUsername;
    private string? _avatarUrl;
    private string? _picture;
    private List<string>? _roles;

    private IdentityReader(ReadOnlySpan<byte> payload) => _reader = new Utf8JsonReader(payload);

    [Flags]
    private enum Members
    {
        None = 0,
        Email = 1,
        Role = 2,
        AppMetadata = 4,
        UserMetadata = 8,
        Provider = 16,
        FullName = 32,
        Name = 64,
        PreferredUsername = 128,
        AvatarUrl = 256,
        Picture = 512,
        Roles = 1024,
    }

    /// <summary>Reads the identity.</summary>
    /// <returns>False if a member that is read stands there twice: two readers could then see two people in one token.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> payload, TokenClaimsKind kind, UserId userId, DateTimeOffset expiresAt, [NotNullWhen(true)] out VerifiedIdentity? identity)
    {
        identity = null;
        var reader = new IdentityReader(payload);
        try
        {
            reader._reader.Read();
            if (!(kind == TokenClaimsKind.Supabase ? reader.ReadSupabase() : reader.ReadLocal()))
            {
                return false;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }

        IReadOnlyList<string> roles = reader._roles is not null ? reader._roles : reader._role is not null ? [reader._role] : [];
        identity = new VerifiedIdentity(userId, expiresAt)
        {
            Email = reader._email ?? string.Empty,
            FullName = reader._fullName,
            Name = reader._name,
            PreferredUsername = reader._preferredUsername,
            AvatarUrl = reader._avatarUrl ?? reader._picture,
            Provider = reader._provider ?? "email",
            Roles = roles,
        };
        return true;
    }

    private bool ReadSupabase()
    {
        while (NextMember())
        {
            var isFirst = true;
            if (_reader.ValueTextEquals("email"u8))
            {
                isFirst = TryReadText(Members.Email, ref _email);
            }
            else if (_reader.ValueTextEquals("role"u8))
            {
                isFirst = TryReadText(Members.Role, ref _role);
            }
            else if (_reader.ValueTextEquals("app_metadata"u8))
            {
                isFirst = TryEnter(Members.AppMetadata, out var isObject) && (!isObject || ReadAppMetadata());
            }
            else if (_reader.ValueTextEquals("user_metadata"u8))
            {
                isFirst = TryEnter(Members.UserMetadata, out var isObject) && (!isObject || ReadUserMetadata());
            }
            else
            {
                SkipValue();
            }

            if (!isFirst)
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadAppMetadata()
    {
        while (NextMember())
        {
            if (!_reader.ValueTextEquals("provider"u8))
            {
                SkipValue();
            }
            else if (!TryReadText(Members.Provider, ref _provider))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadUserMetadata()
    {
        while (NextMember())
        {
            var isFirst = true;
            if (_reader.ValueTextEquals("full_name"u8))
            {
                isFirst = TryReadText(Members.FullName, ref _fullName);
            }
            else if (_reader.ValueTextEquals("name"u8))
            {
                isFirst = TryReadText(Members.Name, ref _name);
            }
            else if (_reader.ValueTextEquals("preferred_username"u8))
            {
                isFirst = TryReadText(Members.PreferredUsername, ref _preferredUsername);
            }
            else if (_reader.ValueTextEquals("avatar_url"u8))
            {
                isFirst = TryReadText(Members.AvatarUrl, ref _avatarUrl);
            }
            else if (_reader.ValueTextEquals("picture"u8))
            {
                isFirst = TryReadText(Members.Picture, ref _picture);
            }
            else
            {
                SkipValue();
            }

            if (!isFirst)
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadLocal()
    {
        while (NextMember())
        {
            var isFirst = true;
            if (_reader.ValueTextEquals("email"u8))
            {
                isFirst = TryReadText(Members.Email, ref _email);
            }
            else if (_reader.ValueTextEquals("name"u8))
            {
                isFirst = TryReadText(Members.Name, ref _name);
            }
            else if (_reader.ValueTextEquals("roles"u8))
            {
                isFirst = TryReadRoles();
            }
            else
            {
                SkipValue();
            }

            if (!isFirst)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadRoles()
    {
        _reader.Read();
        if (!IsFirst(Members.Roles))
        {
            return false;
        }

        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            _reader.Skip();
            return true;
        }

        _roles = [];
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadText() is { } role)
            {
                _roles.Add(role);
            }

            _reader.Skip();
        }

        return true;
    }

    private bool NextMember() => _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

    private void SkipValue()
    {
        _reader.Read();
        _reader.Skip();
    }

    private bool TryEnter(Members member, out bool isObject)
    {
        _reader.Read();
        isObject = _reader.TokenType == JsonTokenType.StartObject;
        if (!isObject)
        {
            _reader.Skip();
        }

        return IsFirst(member);
    }

    private bool TryReadText(Members member, ref string? text)
    {
        _reader.Read();
        text = ReadText();
        _reader.Skip();
        return IsFirst(member);
    }

    private string? ReadText() =>
        JsonTextReader.TryReadText(ref _reader, MaxTextLength, out var text) && text.Length > 0 && !text.Contains('\0') ? text : null;

    private bool IsFirst(Members member)
    {
        var isFirst = (_seen & member) == 0;
        _seen |= member;
        return isFirst;
    }
}
