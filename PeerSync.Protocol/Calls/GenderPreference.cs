namespace PeerSync.Protocol.Calls;

/// <summary>Whom somebody wants to be matched with; counts for premium devices only (Calls contract, section 6.3).</summary>
public enum GenderPreference
{
    /// <summary>Anybody.</summary>
    Any,

    /// <summary>Only who is known to be male.</summary>
    Male,

    /// <summary>Only who is known to be female.</summary>
    Female,
}
