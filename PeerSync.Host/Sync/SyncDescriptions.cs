using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Sync;

/// <summary>What the OpenAPI document says of the Sync feature's routes.</summary>
internal static class SyncDescriptions
{
    private const string Tag = "Sync";

    /// <summary>The types that are written in snake case.</summary>
    public static IReadOnlySet<Type> InSnakeCase { get; } = new HashSet<Type>
    {
        typeof(DeviceList), typeof(DeviceInfo), typeof(MissingDevice), typeof(RenamedAnswer), typeof(PresenceList), typeof(PresentDevice), typeof(FileEventList),
        typeof(FileEvent), typeof(PageInfo), typeof(ProfileInfo), typeof(UpdatedProfileAnswer), typeof(PreferencesInfo), typeof(RenameRequest), typeof(ProfileRequest),
    };

    public static RouteDescription ListDevices() => Caller("syncListDevices", "Lists the caller's devices, those online first")
        .Answers<DeviceList>(200, "The devices");

    public static RouteDescription ShowDevice() => Caller("syncShowDevice", "Shows one of the caller's devices")
        .Answers<DeviceInfo>(200, "The device")
        .Answers<MissingDevice>(404, "The caller has no such device");

    public static RouteDescription RemoveDevice() => Caller("syncRemoveDevice", "Removes a device, which is told and cannot log in again")
        .Answers<DoneAnswer>(200, "The device was removed")
        .Refuses(403, "The device is another user's")
        .Refuses(404, "There is no such device");

    public static RouteDescription RenameDevice() => Caller("syncRenameDevice", "Gives a device another name")
        .Reads<RenameRequest>()
        .Answers<RenamedAnswer>(200, "The name")
        .Refuses(400, "The name is missing, too long or another device's")
        .Refuses(403, "The device is another user's")
        .Refuses(404, "There is no such device");

    public static RouteDescription Presence() => Caller("syncPresence", "Says which of the caller's devices are online")
        .Answers<PresenceList>(200, "The devices");

    public static RouteDescription ConnectionStatus() => Caller("syncConnectionStatus", "Says whether one of the caller's devices is connected")
        .With("One of the two parameters is needed; the device counts where both are there.")
        .Asks<string>("deviceId", "A device")
        .Asks<string>("userId", "The caller itself")
        .Answers<ConnectionState>(200, "The state")
        .Refuses(400, "Neither parameter is there");

    public static RouteDescription ShowProfile() => Caller("syncShowProfile", "Shows the caller's profile, which is made when it is first read")
        .Answers<ProfileInfo>(200, "The profile")
        .Refuses(404, "There is no such user");

    public static RouteDescription UpdateProfile() => Caller("syncUpdateProfile", "Changes the caller's profile")
        .With("The signature covers the SHA-256 of the user id, the timestamp and the members; its user need not have a socket.")
        .Reads<ProfileRequest>()
        .Answers<UpdatedProfileAnswer>(200, "The profile")
        .Refuses(400, "The signature or its time is missing, or a member is wrong")
        .Refuses(403, "The signature does not hold, is too old, or was used before")
        .Refuses(404, "There is no such user");

    public static RouteDescription CompleteOnboarding() => Caller("syncCompleteOnboarding", "Notes that the user has seen the introduction")
        .Reads<SignedRequest>()
        .Answers<DoneAnswer>(200, "It is noted")
        .Refuses(400, "The signature or its time is missing")
        .Refuses(403, "The signature does not hold, is too old, or was used before")
        .Refuses(404, "There is no such user");

    public static RouteDescription DeleteUser() => Caller("syncDeleteUser", "Ends the caller's account")
        .Answers<DeletedUserAnswer>(200, "What was deleted; devices are told")
        .Refuses(404, "There is no such user");

    public static RouteDescription ListFiles() => Caller("syncListFiles", "Lists the user's events about files, newest first")
        .Asks<int>("limit", "How many")
        .Asks<int>("offset", "How many newer ones to skip")
        .Answers<FileEventList>(200, "The page")
        .Refuses(400, "A number is negative");

    public static RouteDescription RefreshToken() => Caller("syncRefreshToken", "Makes a new token")
        .Answers<TokenAnswer>(200, "The token, for an hour")
        .Refuses(400, "The caller does not say who it is")
        .Refuses(403, "The caller names two users");

    public static RouteDescription VerifyToken() => Caller("syncVerifyToken", "Says whether the caller's token holds")
        .Answers<TokenCheckAnswer>(200, "The verdict");

    public static RouteDescription StorePairing() => Caller("syncStorePairing", "Keeps an identity under a code, for ten minutes or one lookup")
        .With("The key pair must be that of the user who stores it.")
        .Reads<PairingRequest>()
        .Answers<StoredPairingAnswer>(200, "The code holds")
        .Refuses(400, "A member is missing or wrong")
        .Refuses(403, "The key pair is not the caller's, or the device has been revoked")
        .Refuses(500, "The code is taken, or the database is away");

    public static RouteDescription LookUpPairing() => LookUp("syncLookUpPairing", "Takes the identity under a code, once");

    public static RouteDescription LookUpPairingNamed() =>
        LookUp("syncLookUpPairingNamed", "Takes the identity under a code, once, for a caller that names itself").For(RouteAccess.Named);

    public static RouteDescription Revoke() => Operator("syncRevokeDevice", "Keeps a device from logging in")
        .Reads<RevocationRequest>()
        .Answers<DoneAnswer>(200, "It was cut, if it was connected")
        .Refuses(400, "An id is missing or wrong");

    public static RouteDescription Unrevoke() => Operator("syncUnrevokeDevice", "Lets a device log in again")
        .Reads<RestorationRequest>()
        .Answers<DoneAnswer>(200, "It may")
        .Refuses(400, "The id is missing or wrong");

    public static RouteDescription ListRevoked() => Operator("syncListRevokedDevices", "Lists devices that may not log in")
        .Asks<string>("userId", "Those of this user")
        .Answers<RevocationList>(200, "The devices")
        .Refuses(400, "The user id is wrong");

    private static RouteDescription Caller(string operationId, string summary) => new RouteDescription(operationId, Tag, summary)
        .For(RouteAccess.Named)
        .Refuses(401, "The caller does not say who it is, or does not prove it")
        .AnswersText(429, "Too many requests; Retry-After says how many seconds to wait");

    private static RouteDescription LookUp(string operationId, string summary) => new RouteDescription(operationId, Tag, summary)
        .Answers<PairingAnswer>(200, "The identity, private key included")
        .Refuses(400, "That is no code")
        .Refuses(404, "The code does not hold")
        .Refuses(429, "Too many wrong codes");

    private static RouteDescription Operator(string operationId, string summary) => new RouteDescription(operationId, Tag, summary)
        .For(RouteAccess.AdminKey)
        .Refuses(401, "The key is missing or wrong")
        .Refuses(429, "Too many wrong keys")
        .Refuses(500, "No key is set, in production");

    private static RouteDescription Refuses(this RouteDescription description, int status, string when) => description.Answers<SyncError>(status, when);
}
