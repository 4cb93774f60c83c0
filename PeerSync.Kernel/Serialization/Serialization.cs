using System.Collections.Immutable;

namespace PeerSync.Kernel;

/// <summary>Which serializer writes which types, and which one reads what has been written.</summary>
/// <remarks>Immutable, and safe on every thread.</remarks>
public sealed class Serialization
{
    private readonly ImmutableDictionary<Type, SerializerWithStringManifest> _byType;
    private readonly ImmutableDictionary<int, SerializerWithStringManifest> _byIdentifier;

    private Serialization(ImmutableDictionary<Type, SerializerWithStringManifest> byType, ImmutableDictionary<int, SerializerWithStringManifest> byIdentifier)
    {
        _byType = byType;
        _byIdentifier = byIdentifier;
    }

    /// <summary>Knows no type.</summary>
    public static Serialization Empty { get; } =
        new(ImmutableDictionary<Type, SerializerWithStringManifest>.Empty, ImmutableDictionary<int, SerializerWithStringManifest>.Empty);

    /// <summary>Adds a serializer for some types; exactly these, not what is derived from them.</summary>
    /// <exception cref="ArgumentException">Another serializer has the same number, or one of the types.</exception>
    public Serialization With(SerializerWithStringManifest serializer, params ReadOnlySpan<Type> types)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        var byType = _byType;
        foreach (var type in types)
        {
            byType = byType.Add(type, serializer);
        }

        return new Serialization(byType, _byIdentifier.Add(serializer.Identifier, serializer));
    }

    /// <summary>The serializer that writes an object.</summary>
    /// <exception cref="ArgumentException">None does.</exception>
    public SerializerWithStringManifest FindSerializerFor(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return _byType.TryGetValue(obj.GetType(), out var serializer)
            ? serializer
            : throw new ArgumentException($"No serializer writes {obj.GetType()}.", nameof(obj));
    }

    /// <summary>Reads what the serializer of a number has written.</summary>
    /// <exception cref="FormatException">There is no such serializer, or it cannot read this.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest) =>
        _byIdentifier.TryGetValue(serializerId, out var serializer)
            ? serializer.FromBinary(bytes, manifest)
            : throw new FormatException($"No serializer has the number {serializerId}.");
}
