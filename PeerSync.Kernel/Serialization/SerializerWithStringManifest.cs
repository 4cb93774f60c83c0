namespace PeerSync.Kernel;

/// <summary>Turns objects of a few types into bytes that are kept, and back. The manifest names the type and the version of its form.</summary>
/// <remarks>Thread-safe. What was written once must be readable for ever: a new form gets a new manifest.</remarks>
public abstract class SerializerWithStringManifest
{
    /// <summary>A number that no other serializer of the system has; it is stored with everything that this one writes.</summary>
    public abstract int Identifier { get; }

    /// <summary>Names the form in which an object is written.</summary>
    public abstract string Manifest(object o);

    /// <summary>Writes an object.</summary>
    /// <exception cref="ArgumentException">The object is of a type that this serializer does not know.</exception>
    public abstract byte[] ToBinary(object obj);

    /// <summary>Reads an object.</summary>
    /// <param name="bytes">What <see cref="ToBinary"/> wrote.</param>
    /// <param name="manifest">What <see cref="Manifest"/> said.</param>
    /// <exception cref="FormatException">The bytes or the manifest are not of this serializer.</exception>
    public abstract object FromBinary(byte[] bytes, string manifest);
}
