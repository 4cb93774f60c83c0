using Microsoft.Win32.SafeHandles;

namespace PeerSync.Protocol.Cryptography;

/// <summary>Owns an <c>EVP_MD_CTX</c>.</summary>
internal sealed class SafeEvpMdContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SafeEvpMdContextHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeDigestContext(handle);
        return true;
    }
}
