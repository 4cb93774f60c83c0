namespace PeerSync.Protocol.Calls;

/// <summary>A gender as a client tells it.</summary>
public enum CallsGender
{
    /// <summary>Not given.</summary>
    Unknown,

    /// <summary>Male.</summary>
    Male,

    /// <summary>Female.</summary>
    Female,

    /// <summary>Another one.</summary>
    Other,

    /// <summary>Given as not to be told.</summary>
    PreferNotToSay,
}
