using Microsoft.Win32.SafeHandles;

namespace PeerSync.Protocol.Cryptography;

/// <summary>Owns an <c>EVP_PKEY</c>.</summary>
internal sealed class SafeEvpPkeyHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SafeEvpPkeyHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKey(handle);
        return true;
    }
}
