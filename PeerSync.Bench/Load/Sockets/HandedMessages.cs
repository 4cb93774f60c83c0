namespace PeerSync.Bench.Load.Sockets;

/// <summary>Hands messages over as they lie in the receive buffer, and puts together only those that come in pieces.</summary>
internal sealed class HandedMessages(IMessageHandler handler)
{
    private byte[] _pieces = [];
    private int _length;
    private bool _hasHanded;

    public void Add(ReadOnlySpan<byte> piece, bool isLast)
    {
        if (isLast && _length == 0)
        {
            Hand(piece);
            return;
        }

        if (_pieces.Length < _length + piece.Length)
        {
            Array.Resize(ref _pieces, Math.Max(_length + piece.Length, _pieces.Length * 2));
        }

        piece.CopyTo(_pieces.AsSpan(_length));
        _length += piece.Length;
        if (isLast)
        {
            var whole = _pieces.AsSpan(0, _length);
            _length = 0;
            Hand(whole);
        }
    }

    /// <summary>What one receive has brought is through.</summary>
    public void EndBatch()
    {
        if (_hasHanded)
        {
            _hasHanded = false;
            handler.OnReceived();
        }
    }

    private void Hand(ReadOnlySpan<byte> message)
    {
        _hasHanded = true;
        handler.OnMessage(message);
    }
}
