namespace PeerSync.Protocol.Rooms;

/// <summary>An error that a client of the Rooms feature is told: the original's text, and a code for programs (docs/spec/rooms.md, errors).</summary>
/// <param name="Code">Stable, in upper case.</param>
/// <param name="Text">As the original words it (Rooms contract, section 9).</param>
public sealed record RoomsError(string Code, string Text)
{
    /// <summary>Not a JSON object that could be read.</summary>
    public static RoomsError InvalidFormat { get; } = new("INVALID_FORMAT", "Invalid message format");

    /// <summary>No form is recognized.</summary>
    public static RoomsError MissingRoomOrFrom { get; } = new("MISSING_FIELDS", "Missing roomId or from");

    /// <summary>An <c>auth</c> without names.</summary>
    public static RoomsError MissingUserOrRoom { get; } = new("MISSING_FIELDS", "Missing userId or roomId");

    /// <summary>An <c>auth</c> without the token that it needs.</summary>
    public static RoomsError MissingToken { get; } = new("TOKEN_MISSING", "Missing auth token. Request token from /api/auth/token endpoint first.");

    /// <summary>A token that this server did not issue, or has revoked.</summary>
    public static RoomsError InvalidToken { get; } = new("TOKEN_INVALID", "Invalid or expired token");

    /// <summary>A token whose time is over.</summary>
    public static RoomsError TokenExpired { get; } = new("TOKEN_EXPIRED", "Token expired");

    /// <summary>A token of another user.</summary>
    public static RoomsError UserMismatch { get; } = new("USER_MISMATCH", "User ID mismatch");

    /// <summary>A token of another room, or a frame that names another room or user than the socket's.</summary>
    public static RoomsError NotAuthorizedForRoom { get; } = new("NOT_AUTHORIZED", "Not authorized for this room");

    /// <summary>A frame that needs an <c>auth</c> before it.</summary>
    public static RoomsError NotAuthenticated { get; } = new("NOT_AUTHENTICATED", "Not authenticated");

    /// <summary>The room exists already, or there are too many.</summary>
    public static RoomsError CreateFailed { get; } = new("CREATE_FAILED", "Failed to create room");

    /// <summary>There is no such room, or it takes nobody.</summary>
    public static RoomsError JoinFailed { get; } = new("JOIN_FAILED", "Room not found or join failed");

    /// <summary>The server is short of memory and takes no new members for now.</summary>
    public static RoomsError Overloaded { get; } = new("OVERLOADED", "Server is overloaded, try again later");

    /// <summary>The client sends too fast; frames were dropped.</summary>
    public static RoomsError RateLimited { get; } = new("RATE_LIMITED", "Too many messages");

    /// <summary>A member of that name is in the room with a proof of identity; a socket without one does not take its place.</summary>
    public static RoomsError NameTaken { get; } = new("NAME_TAKEN", "User ID is in use");

    /// <summary>A fault of the server.</summary>
    public static RoomsError Internal { get; } = new("INTERNAL", "Internal error");
}
