using System.Security.Cryptography;
using System.Text;
using PeerSync.Host.Identity;

namespace PeerSync.Tests.Identity;

public sealed class LocalKeysTests : IDisposable
{
    private static readonly string PublicPem = TestKeys.Rsa.ExportSubjectPublicKeyInfoPem();
    private static readonly string PrivatePem = TestKeys.Rsa.ExportPkcs8PrivateKeyPem();

    private readonly string _folder = Directory.CreateTempSubdirectory("peersync-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reads_a_public_key_in_every_form()
    {
        string[] forms =
        [
            PublicPem,
            PublicPem.Replace("\n", "\\n", StringComparison.Ordinal),
            PublicPem.Replace("\n", "\\r\\n", StringComparison.Ordinal),
            PublicPem.Replace("\n", "\r\n", StringComparison.Ordinal),
            $"\n  {PublicPem}  \n",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(PublicPem)),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(PublicPem), Base64FormattingOptions.InsertLineBreaks),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(PublicPem.Replace("\n", "\\n", StringComparison.Ordinal))),
            TestKeys.Rsa.ExportRSAPublicKeyPem(),
        ];
        var path = Path.Combine(_folder, "public.pem");
        Assert.All(forms, text =>
        {
            AssertVerifies(LocalKeys.Load(new LocalIssuerOptions { PublicKey = text }));
            File.WriteAllText(path, text);
            AssertVerifies(LocalKeys.Load(new LocalIssuerOptions { PublicKeyPath = path }));
        });
    }

    [Fact]
    public void Reads_a_private_key_and_derives_the_public_one()
    {
        string[] forms =
        [
            PrivatePem, PrivatePem.Replace("\n", "\\n", StringComparison.Ordinal), Convert.ToBase64String(Encoding.UTF8.GetBytes(PrivatePem)),
            TestKeys.Rsa.ExportRSAPrivateKeyPem(),
        ];
        Assert.All(forms, text =>
        {
            AssertSigns(LocalKeys.Load(new LocalIssuerOptions { PrivateKey = text }));
            AssertSigns(LocalKeys.Load(new LocalIssuerOptions { PrivateKey = text, PublicKey = PublicPem }));
        });
        var path = Path.Combine(_folder, "private.pem");
        File.WriteAllText(path, PrivatePem);
        AssertSigns(LocalKeys.Load(new LocalIssuerOptions { PrivateKeyPath = path }));
    }

    [Fact]
    public void Nothing_configured_is_nothing() => Assert.Null(LocalKeys.Load(new LocalIssuerOptions { PublicKey = " ", PublicKeyPath = "" }));

    [Fact]
    public void A_value_wins_over_a_path() =>
        AssertVerifies(LocalKeys.Load(new LocalIssuerOptions { PublicKey = PublicPem, PublicKeyPath = Path.Combine(_folder, "missing.pem") }));

    [Fact]
    public void Unusable_keys_are_named_by_their_setting_and_never_shown()
    {
        using var small = RSA.Create(1024);
        using var other = RSA.Create(2048);
        AssertFault(new LocalIssuerOptions { PublicKey = "not a key" }, "JWT_PUBLIC_KEY is not PEM");
        AssertFault(new LocalIssuerOptions { PublicKey = Convert.ToBase64String(TestKeys.Rsa.ExportSubjectPublicKeyInfo()) }, "JWT_PUBLIC_KEY is not PEM");
        AssertFault(new LocalIssuerOptions { PublicKey = PublicPem[..^40] }, "JWT_PUBLIC_KEY is not PEM");
        AssertFault(new LocalIssuerOptions { PublicKey = PrivatePem }, "JWT_PUBLIC_KEY holds 'PRIVATE KEY'");
        AssertFault(new LocalIssuerOptions { PrivateKey = PublicPem }, "JWT_PRIVATE_KEY holds 'PUBLIC KEY'");
        AssertFault(new LocalIssuerOptions { PublicKey = TestKeys.Ec.ExportSubjectPublicKeyInfoPem() }, "JWT_PUBLIC_KEY is not an RSA public key");
        AssertFault(new LocalIssuerOptions { PrivateKey = TestKeys.Ec.ExportPkcs8PrivateKeyPem() }, "JWT_PRIVATE_KEY is not an RSA private key");
        AssertFault(new LocalIssuerOptions { PublicKey = small.ExportSubjectPublicKeyInfoPem() }, "JWT_PUBLIC_KEY has 1024 bits");
        AssertFault(new LocalIssuerOptions { PrivateKey = small.ExportPkcs8PrivateKeyPem() }, "JWT_PRIVATE_KEY has 1024 bits");
        AssertFault(new LocalIssuerOptions { PublicKey = other.ExportSubjectPublicKeyInfoPem(), PrivateKey = PrivatePem }, "are not a pair");
        AssertFault(new LocalIssuerOptions { PublicKeyPath = Path.Combine(_folder, "missing.pem") }, "JWT_PUBLIC_KEY_PATH: the file");
        AssertFault(new LocalIssuerOptions { PrivateKeyPath = _folder }, "JWT_PRIVATE_KEY_PATH: the file");
        var encrypted = TestKeys.Rsa.ExportEncryptedPkcs8PrivateKeyPem("password", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000));
        AssertFault(new LocalIssuerOptions { PrivateKey = encrypted }, "JWT_PRIVATE_KEY holds 'ENCRYPTED PRIVATE KEY'");
    }

    [Fact]
    public void The_development_key_is_made_once_for_its_owner_only()
    {
        var folder = Path.Combine(_folder, "deep", "data");
        var options = new IdentityOptions { DataFolder = folder };
        var first = LocalKeys.Resolve(options);
        Assert.NotNull(first);
        Assert.True(first.WasGenerated);
        var path = Path.Combine(folder, "development-signing-key.pem");
        Assert.Equal(path, first.DevelopmentKeyPath);
        var second = LocalKeys.Resolve(options);
        Assert.NotNull(second?.SigningKey);
        Assert.False(second.WasGenerated);
        Assert.True(first.VerificationKey.Verify("x"u8, second.SigningKey.Sign("x"u8)));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(folder)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Fact]
    public async Task Servers_that_start_at_once_agree_on_one_development_key()
    {
        var folder = Path.Combine(_folder, "race");
        using var start = new Barrier(4);
        var keys = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return LocalKeys.Resolve(new IdentityOptions { DataFolder = folder });
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Single(keys, key => key!.WasGenerated);
        Assert.All(keys, key => Assert.True(keys[0]!.VerificationKey.Verify("x"u8, key!.SigningKey!.Sign("x"u8))));
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_damaged_development_key_is_an_error_and_not_replaced()
    {
        var path = Path.Combine(_folder, "development-signing-key.pem");
        File.WriteAllText(path, PrivatePem[..200]);
        var exception = Assert.Throws<IdentityConfigurationException>(() => LocalKeys.Resolve(new IdentityOptions { DataFolder = _folder }));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Equal(PrivatePem[..200], File.ReadAllText(path));
    }

    [Fact]
    public void No_development_key_in_production_or_beside_another_source()
    {
        Assert.Null(LocalKeys.Resolve(new IdentityOptions { DataFolder = _folder, Production = true }));
        Assert.Null(LocalKeys.Resolve(new IdentityOptions { DataFolder = _folder, Supabase = new SupabaseIssuerOptions { Url = "https://x.test" } }));
        var configured = LocalKeys.Resolve(new IdentityOptions { DataFolder = _folder, Local = new LocalIssuerOptions { PublicKey = PublicPem } });
        Assert.Null(configured?.DevelopmentKeyPath);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static void AssertFault(LocalIssuerOptions options, string message)
    {
        var exception = Assert.Throws<IdentityConfigurationException>(() => LocalKeys.Load(options));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("MII", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertVerifies(LocalKeys? keys)
    {
        Assert.NotNull(keys);
        Assert.Null(keys.SigningKey);
        Assert.True(keys.VerificationKey.Verify("x"u8, TestKeys.Rs256.Sign("x"u8)));
    }

    private static void AssertSigns(LocalKeys? keys)
    {
        Assert.NotNull(keys?.SigningKey);
        Assert.True(TestKeys.Rs256.VerificationKey.Verify("x"u8, keys.SigningKey.Sign("x"u8)));
    }
}
