using System.Reflection;
using System.Runtime.InteropServices;

namespace PeerSync.Protocol.Cryptography;

/// <summary>The few functions of OpenSSL 3's libcrypto that the framework has no wrapper for.</summary>
internal static partial class LibCrypto
{
    public const int EvpPkeyEd25519 = 1087;

    private const string Library = "libcrypto";

    // Version 3 first: an unversioned name may point to a library with another binary interface.
    private static readonly string[] Candidates =
    [
        "libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64", "libcrypto-3-arm64", "libcrypto.so", "libcrypto.dylib", "libcrypto",
    ];

    static LibCrypto() => NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, Resolve);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    public static partial SafeEvpPkeyHandle NewRawPublicKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    public static partial SafeEvpPkeyHandle NewRawPrivateKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int GetRawPublicKey(SafeEvpPkeyHandle key, Span<byte> publicKey, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    public static partial SafeEvpMdContextHandle NewDigestContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void FreeDigestContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    public static partial int DigestSignInit(SafeEvpMdContextHandle context, nint keyContext, nint digest, nint engine, SafeEvpPkeyHandle key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    public static partial int DigestSign(
        SafeEvpMdContextHandle context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> data, nuint dataLength);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int DigestVerifyInit(SafeEvpMdContextHandle context, nint keyContext, nint digest, nint engine, SafeEvpPkeyHandle key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    public static partial int DigestVerify(
        SafeEvpMdContextHandle context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> data, nuint dataLength);

    /// <summary>Empties the thread's error queue, which a refused signature fills and the framework's own calls would then read.</summary>
    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
        {
            return 0;
        }

        foreach (var candidate in Candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, searchPath, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
