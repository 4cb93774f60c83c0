using PeerSync.Kernel;

namespace PeerSync.Bench.Journal;

/// <summary>Stores bytes as they are, so that the journal is measured and not a codec.</summary>
internal sealed class BlobSerializer : SerializerWithStringManifest
{
    public override int Identifier => 1;

    public override string Manifest(object o) => "b";

    public override byte[] ToBinary(object obj) => (byte[])obj;

    public override object FromBinary(byte[] bytes, string manifest) => bytes;
}
