namespace PeerSync.Kernel;

/// <summary>Runs the commands of a region in its turns. The state is in the cell, where the threads that tell the region find it.</summary>
internal sealed class ShardRegionActor : UntypedActor
{
    private readonly ShardRegionCell _region;

    public ShardRegionActor()
    {
        _region = (ShardRegionCell)Cell;
    }

    protected override void PreStart() => _region.StartSweeping();

    protected override void PostStop() => _region.StopSweeping();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Passivate passivate:
                _region.Passivate(Sender, passivate.StopMessage);
                break;
            case CancelPassivation:
                _region.CancelPassivation(Sender);
                break;
            case ShardRegionCell.Sweep:
                _region.PassivateIdle();
                break;
            case GetShardRegionStats:
                Sender.Tell(_region.Stats());
                break;
            case GetShardRegionState:
                Sender.Tell(_region.State());
                break;
            case GracefulShutdown:
                _region.ShutDown();
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
