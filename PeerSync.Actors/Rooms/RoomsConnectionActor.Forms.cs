using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <content>What the frames of each form do (Rooms contract, sections 4 to 8). Each returns whether the frame travels on and takes its credit with it.</content>
public sealed partial class RoomsConnectionActor
{
    private bool HandleLean(scoped in RoomsFrame frame)
    {
        if (frame.GetFrom(_binding?.UserId) is not { } from || frame.GetRoomId(_binding?.RoomId) is not { } roomId)
        {
            SendError(RoomsError.MissingRoomOrFrom);
            return false;
        }

        if (frame.Type == RoomsFrameType.Auth)
        {
            if (VerifyOptional(frame.Data.Token, from, roomId, out var tokenId) is { } error)
            {
                SendError(error);
                return false;
            }

            Bind(from, roomId, tokenId);
            Enter(RoomEntry.JoinOrCreate, frame.Data.UserName, Describe(frame.Data) with { Name = frame.Data.RoomName ?? roomId });
            return false;
        }

        // Silence for whoever has not joined that room: so did the original for rooms and peers that it did not know.
        if (!_isEntered || _binding!.RoomId != roomId)
        {
            return false;
        }

        // Without a name a signal of this form is for nobody.
        return RoomsSignal.IsSignal(frame.Type) ? frame.GetTarget(Targets) is { } to && Signal(frame, to) : Relay(frame);
    }

    private bool HandleCollaboration(scoped in RoomsFrame frame)
    {
        if (frame.Type == RoomsFrameType.JoinRoom)
        {
            var userId = frame.UserId ?? frame.Data.UserId;
            var roomId = frame.RoomId ?? frame.Data.RoomId;
            if (userId is null || roomId is null)
            {
                SendError(RoomsError.MissingUserOrRoom);
                return false;
            }

            if (VerifyOptional(frame.Data.Token, userId, roomId, out var tokenId) is { } error)
            {
                SendError(error);
                return false;
            }

            _routing = new CollaborationRouting();
            Bind(userId, roomId, tokenId);
            Enter(RoomEntry.JoinOrCreate, frame.Data.UserName, Describe(frame.Data));
            return false;
        }

        if (frame.Type == RoomsFrameType.LeaveRoom && IsBound(frame))
        {
            Leave(isLost: false);
            return false;
        }

        return RoomsSignal.IsSignal(frame.Type) && IsBound(frame) && Signal(frame, frame.GetTarget(Targets) ?? _routing?.Route(frame));
    }

    private bool HandleReadme(scoped in RoomsFrame frame)
    {
        if (frame.Type == RoomsFrameType.Auth)
        {
            AuthenticateReadme(frame);
            return false;
        }

        if (_binding is not { } binding)
        {
            if (frame.Type is RoomsFrameType.CreateRoom or RoomsFrameType.JoinRoom or RoomsFrameType.LeaveRoom or RoomsFrameType.Heartbeat
                || RoomsSignal.IsSignal(frame.Type))
            {
                SendError(RoomsError.NotAuthenticated);
            }

            return false;
        }

        switch (frame.Type)
        {
            case RoomsFrameType.Heartbeat:
                var pulse = MessageBuffer.Rent();
                RoomsWriter.Heartbeat(pulse, binding.RoomId, binding.UserId, Now);
                _connection.Send(pulse);
                _services.Regions.Rooms.Tell(new RoomHeartbeat(binding.RoomId, binding.UserId, _connection.Id), Self);
                return false;
            case RoomsFrameType.CreateRoom or RoomsFrameType.JoinRoom when IsBound(frame):
                Enter(
                    frame.Type == RoomsFrameType.CreateRoom ? RoomEntry.Create : RoomEntry.Join,
                    frame.Data.UserName,
                    Describe(frame.Data) with { HostName = frame.Data.UserName });
                return false;
            case RoomsFrameType.LeaveRoom when IsBound(frame):
                Leave(isLost: false);
                return false;
        }

        var isSignal = RoomsSignal.IsSignal(frame.Type);
        return (isSignal || RoomsRelay.Knows(_form, frame.Type)) && IsBound(frame) && _isEntered && (isSignal ? Signal(frame, frame.GetTarget(Targets)) : Relay(frame));
    }

    private void AuthenticateReadme(scoped in RoomsFrame frame)
    {
        if (frame.UserId is not { } userId || frame.RoomId is not { } roomId)
        {
            SendError(RoomsError.MissingUserOrRoom);
            return;
        }

        if (Verify(frame.Data.HasToken ? frame.Data.Token ?? string.Empty : null, userId, roomId, out var tokenId) is { } error)
        {
            SendError(error);
            return;
        }

        Bind(userId, roomId, tokenId);
        SendAuthenticated();
    }

    private bool HandleSyncService(scoped in RoomsFrame frame)
    {
        if (frame.Type == RoomsFrameType.Auth)
        {
            if (frame.Data.UserId is not { } userId || frame.Data.RoomId is not { } roomId)
            {
                SendError(RoomsError.MissingUserOrRoom);
            }
            else if (Verify(frame.Data.Token, userId, roomId, out var tokenId) is { } error)
            {
                SendError(error);
            }
            else
            {
                Bind(userId, roomId, tokenId);
                SendAuthenticated();

                // After a reconnect this client sends nothing else, and counts itself a member still.
                Enter(RoomEntry.Resume, userName: null, RoomDescription.None);
            }

            return false;
        }

        if (_binding is not { } binding)
        {
            SendError(RoomsError.NotAuthenticated);
            return false;
        }

        switch (frame.Type)
        {
            case RoomsFrameType.CreateRoom or RoomsFrameType.JoinRoom:
                EnterBound(frame, binding);
                return false;
            case RoomsFrameType.LeaveRoom:
                Leave(isLost: false);
                return false;
            case RoomsFrameType.OperationSyncRequest:
                return Pass(frame.Type, to: null, MessageBuffer.Copy(frame.Text));
        }

        return RoomsSignal.IsSignal(frame.Type) ? frame.Data.GetTarget(Targets) is { } to && Signal(frame, to) : Relay(frame);
    }

    private bool HandleWorkbench(scoped in RoomsFrame frame)
    {
        switch (frame.Type)
        {
            case RoomsFrameType.Ping:
                var pong = MessageBuffer.Rent();
                RoomsWriter.Pong(pong, Now);
                _connection.Send(pong);
                return false;
            case RoomsFrameType.Auth:
                AuthenticateWorkbench(frame);
                return false;
        }

        if (_binding is not { } binding)
        {
            return false;
        }

        switch (frame.Type)
        {
            case RoomsFrameType.JoinRoom or RoomsFrameType.CreateRoom:
                EnterBound(frame, binding);
                return false;
            case RoomsFrameType.LeaveRoom:
                Leave(isLost: false);
                return false;
            case RoomsFrameType.Operation:
                return Pass(frame.Type, to: null, MessageBuffer.Copy(frame.Text));
        }

        return Relay(frame);
    }

    private void AuthenticateWorkbench(scoped in RoomsFrame frame)
    {
        RoomsError? error = null;
        if (frame.Data.UserId is not { } userId || frame.Data.RoomId is not { } roomId)
        {
            error = RoomsError.MissingUserOrRoom;
        }
        else if ((error = VerifyOptional(frame.Data.Token, userId, roomId, out var tokenId)) is null)
        {
            Bind(userId, roomId, tokenId);
            SendAuthenticated();
            return;
        }

        var refusal = MessageBuffer.Rent();
        RoomsWriter.AuthError(refusal, error);
        _connection.Send(refusal);
    }

    private void SendAuthenticated()
    {
        _services.Counters.Authenticated();

        // Not only with the entry: the frame that asks for it may carry a whole file.
        _connection.Authenticated(new UserId(_binding!.UserId));
        var answer = MessageBuffer.Rent();
        if (RoomsWriter.Authenticated(answer, _form, _binding.RoomId, _binding.UserId, Now))
        {
            _connection.Send(answer);
        }
        else
        {
            answer.Release();
        }
    }

    // For B and E, whose frames name the user and the room each time: a name that is not the socket's is refused, one that is left out is the socket's.
    private bool IsBound(scoped in RoomsFrame frame)
    {
        if (_binding is { } binding
            && (!frame.HasUserId || frame.GetUserId(binding.UserId) == binding.UserId)
            && (!frame.HasRoomId || frame.GetRoomId(binding.RoomId) == binding.RoomId))
        {
            return true;
        }

        SendError(_binding is null ? RoomsError.NotAuthenticated : RoomsError.NotAuthorizedForRoom);
        return false;
    }

    // For C and D, whose frames may name the room again.
    private void EnterBound(scoped in RoomsFrame frame, Binding binding)
    {
        if (frame.Data.RoomId is { } roomId && roomId != binding.RoomId)
        {
            SendError(RoomsError.NotAuthorizedForRoom);
            return;
        }

        Enter(RoomEntry.JoinOrCreate, frame.Data.UserName, Describe(frame.Data));
    }

    private static RoomDescription Describe(RoomsData data) => new(data.RoomName, data.FileId, data.Content, data.Version, HostName: null);
}
