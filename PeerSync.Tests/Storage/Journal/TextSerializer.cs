using System.Text;
using PeerSync.Kernel;

namespace PeerSync.Tests.Storage.Journal;

/// <summary>Stores texts.</summary>
internal sealed class TextSerializer : SerializerWithStringManifest
{
    public override int Identifier => 77;

    public override string Manifest(object o) => "text-1";

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes((string)obj);

    public override object FromBinary(byte[] bytes, string manifest) =>
        manifest == "text-1" ? Encoding.UTF8.GetString(bytes) : throw new FormatException($"Unknown manifest {manifest}.");
}
