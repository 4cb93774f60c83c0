namespace PeerSync.Protocol.Sync;

/// <summary>Why the server closes a socket. Clients act on the code alone; the reasons are part of the wire format all the same.</summary>
/// <param name="Code">A close code of RFC 6455, section 7.4.</param>
/// <param name="Reason">At most 123 bytes of ASCII.</param>
public readonly record struct SyncClose(int Code, string Reason)
{
    private const int Normal = 1000;
    private const int GoingAway = 1001;
    private const int PolicyViolation = 1008;
    private const int InternalError = 1011;

    /// <summary>The message is not JSON, or before login not an object.</summary>
    public static SyncClose InvalidMessageFormat { get; } = new(PolicyViolation, "Invalid message format");

    /// <summary>The server could not process a message: it was <c>null</c>, or something failed that should not.</summary>
    public static SyncClose ProcessingFailed { get; } = new(InternalError, "An error occurred processing your message");

    /// <summary>Something else came before <c>client_hello</c>. The text names one step twice, as clients know it.</summary>
    public static SyncClose HelloExpected { get; } = new(PolicyViolation, "Invalid handshake step: expected client_hello, got client_hello");

    /// <summary><c>client_auth</c> came before <c>client_hello</c>.</summary>
    public static SyncClose AuthBeforeHello { get; } = new(PolicyViolation, "Invalid handshake step: expected server_hello, got client_hello");

    /// <summary>A second <c>client_hello</c> came, or anything else in the place of <c>client_auth</c>.</summary>
    public static SyncClose SecondHello { get; } = new(PolicyViolation, "Invalid handshake step: expected client_hello, got server_hello");

    /// <summary>No session within the time that a handshake may take.</summary>
    public static SyncClose HandshakeTimeout { get; } = new(PolicyViolation, "Handshake timeout");

    /// <summary><c>nonce_c</c> is not 64 hex digits.</summary>
    public static SyncClose InvalidNonce { get; } = new(PolicyViolation, "Invalid nonce format");

    /// <summary><c>nonce_c2</c> is not 64 hex digits.</summary>
    public static SyncClose InvalidNonceC2 { get; } = new(PolicyViolation, "Invalid nonce_c2 format");

    /// <summary><c>user_id</c> has not 64 characters.</summary>
    public static SyncClose InvalidPublicKeyLength { get; } = new(PolicyViolation, "Invalid public key length");

    /// <summary>The signature is wrong, or it or the public key is malformed.</summary>
    public static SyncClose InvalidClientSignature { get; } = new(PolicyViolation, "Invalid client signature");

    /// <summary>The device was revoked.</summary>
    public static SyncClose DeviceRevoked { get; } = new(PolicyViolation, "Device has been revoked");

    /// <summary>The device was registered by another identity.</summary>
    public static SyncClose DeviceBelongsToAnotherUser { get; } = new(PolicyViolation, "Device belongs to another user");

    /// <summary><c>device_id</c> is no UUID of version 4.</summary>
    public static SyncClose InvalidDeviceId { get; } = new(PolicyViolation, "Invalid device_id");

    /// <summary><c>device_type</c> is none of those that exist.</summary>
    public static SyncClose InvalidDeviceType { get; } = new(PolicyViolation, "Invalid device_type");

    /// <summary><c>device_name</c> is too long, or no text.</summary>
    public static SyncClose InvalidDeviceName { get; } = new(PolicyViolation, "Invalid device_name");

    /// <summary>Too many handshake messages from one address.</summary>
    public static SyncClose TooManyHandshakes { get; } = new(PolicyViolation, "Too many handshake attempts. Please try again later.");

    /// <summary>No pong within the time that one may take.</summary>
    public static SyncClose HeartbeatTimeout { get; } = new(PolicyViolation, "Heartbeat timeout");

    /// <summary>The session has reached its age; logging in again helps.</summary>
    public static SyncClose SessionExpired { get; } = new(PolicyViolation, "Session expired. Please re-authenticate.");

    /// <summary>The session has reached the age at which it is renewed; clients come back after a second.</summary>
    public static SyncClose KeyRotation { get; } = new(GoingAway, "Session key rotation required");

    /// <summary>The same device logged in on another socket.</summary>
    public static SyncClose Superseded { get; } = new(Normal, "New connection established for this device");

    /// <summary>The device was removed while connected; follows on <c>device_revoked</c>.</summary>
    public static SyncClose DeviceRemoved { get; } = new(Normal, "Device revoked");

    /// <summary>The event lacks a field or has one of a wrong type, one twice, or a payload that is not base64.</summary>
    public static SyncClose InvalidEventStructure { get; } = new(InternalError, "Invalid event structure");

    /// <summary><c>event_id</c> is longer than a UUID.</summary>
    public static SyncClose EventIdTooLong { get; } = new(InternalError, "Event ID too long");

    /// <summary>The event's <c>user_id</c> is longer than a public key.</summary>
    public static SyncClose UserIdTooLong { get; } = new(InternalError, "User ID too long");

    /// <summary>The event's <c>user_id</c> is not the session's.</summary>
    public static SyncClose UserIdMismatch { get; } = new(InternalError, "Event user_id mismatch");

    /// <summary><c>stream_id</c> is too long.</summary>
    public static SyncClose StreamIdTooLong { get; } = new(InternalError, "Stream ID too long");

    /// <summary><c>stream_id</c> is empty.</summary>
    public static SyncClose StreamIdRequired { get; } = new(InternalError, "Stream ID is required");

    /// <summary>The event's <c>type</c> is too long.</summary>
    public static SyncClose EventTypeTooLong { get; } = new(InternalError, "Event type too long");

    /// <summary><c>encrypted_payload</c> is empty.</summary>
    public static SyncClose PayloadRequired { get; } = new(InternalError, "Encrypted payload is required");

    /// <summary><c>encrypted_payload</c> stands for no byte.</summary>
    public static SyncClose PayloadEmpty { get; } = new(InternalError, "Payload cannot be empty");

    /// <summary><c>encrypted_payload</c> stands for too many bytes.</summary>
    public static SyncClose PayloadTooLarge { get; } = new(InternalError, "Payload too large (max 15MB)");

    /// <summary><c>device_seq</c> is not whole.</summary>
    public static SyncClose DeviceSeqNotInteger { get; } = new(InternalError, "Device sequence must be an integer");

    /// <summary><c>device_seq</c> is below 1.</summary>
    public static SyncClose DeviceSeqTooSmall { get; } = new(InternalError, "Device sequence must be >= 1");

    /// <summary><c>device_seq</c> is above 2^53 - 1.</summary>
    public static SyncClose DeviceSeqTooLarge { get; } = new(InternalError, "Device sequence too large");

    /// <summary><c>ttl</c> has passed by more than the tolerance.</summary>
    public static SyncClose EventExpired { get; } = new(InternalError, "Event TTL has expired (considering clock skew tolerance)");

    /// <summary>Too many devices of one user are online.</summary>
    /// <param name="limit">How many may be.</param>
    public static SyncClose ForTooManyDevices(int limit) =>
        new(PolicyViolation, $"Too many devices connected (max {limit}). Please disconnect another device.");

    /// <summary>A field of the handshake is missing or no string.</summary>
    internal static SyncClose Missing(string field) => new(PolicyViolation, $"Missing or invalid {field}");

    /// <summary>The client's ephemeral key is unusable.</summary>
    internal static SyncClose InvalidEphemeralKey(string detail) =>
        new(PolicyViolation, $"handleClientHello failed: ECDH secret computation failed: {detail}");
}
