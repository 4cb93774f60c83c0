namespace PeerSync.Bench.Load.Sockets;

/// <summary>Decides what is sent over the lanes of one loop.</summary>
internal interface ILaneDriver
{
    /// <summary>Messages of a lane have reached its sink. Runs on the loop's thread.</summary>
    void OnReceived(Lane lane, int count);
}
