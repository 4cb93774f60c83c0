using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Rooms;

/// <summary>A member that goes to and fro between two rooms, as fast as it is let in. For the loop's thread, unless a member says otherwise.</summary>
internal sealed class Mover : IMessageHandler
{
    private readonly RoomTarget _target;
    private readonly LoadConnection _connection;
    private readonly byte[][] _frames;
    private bool _isRunning;
    private bool _isEntered;
    private long _moves;

    public Mover(RoomTarget target, LoadConnection connection, string firstRoom, string secondRoom)
    {
        _target = target;
        _connection = connection;
        _frames = [ClientFrame.Text(target.Enter(connection.PeerId, firstRoom)), ClientFrame.Text(target.Enter(connection.PeerId, secondRoom))];
        connection.HandleWith(this);
    }

    /// <summary>Rooms entered so far, and so many were left. May be read from any thread.</summary>
    public long Moves => Volatile.Read(ref _moves);

    /// <summary>Whether it waits to be let in. May be read from any thread.</summary>
    public bool IsMoving { get; private set; }

    public void Start()
    {
        _isRunning = true;
        Move();
    }

    public void Stop() => _isRunning = false;

    public void OnMessage(ReadOnlySpan<byte> message) => _isEntered |= _target.IsEntered(message);

    public void OnReceived()
    {
        if (!_isEntered)
        {
            return;
        }

        _isEntered = false;
        IsMoving = false;
        Volatile.Write(ref _moves, _moves + 1);
        if (_isRunning)
        {
            Move();
        }
    }

    private void Move()
    {
        IsMoving = true;
        _connection.Send(_frames[_moves & 1]);
    }
}
