namespace PeerSync.Host.Configuration.Hocon;

/// <summary>The types of a resolved value: those of JSON.</summary>
internal enum HoconValueKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
