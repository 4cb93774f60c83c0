namespace PeerSync.Storage.Databases;

/// <summary>The types that parameters have.</summary>
internal enum SqlType
{
    /// <summary>Unicode text.</summary>
    Text,

    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>A time in UTC with microseconds.</summary>
    Time,
}
