using System.Text;
using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls;

/// <summary>Reads arguments as a socket does, whichever event they are of.</summary>
internal static class CallsArguments
{
    /// <summary>What the sender of an event is told, or null when its argument keeps the rules.</summary>
    internal static CallsError? Read(string name, ReadOnlySpan<byte> argument)
    {
        CallsError? error;
        var type = CallsEventNames.Parse(name);
        switch (type)
        {
            case CallsClientEvent.JoinQueue:
                AssertEither(CallsReader.TryReadJoinQueue(argument, out var join, out error), join, error);
                break;
            case CallsClientEvent.SendOffer or CallsClientEvent.SendAnswer or CallsClientEvent.SendCandidate:
                AssertEither(CallsReader.TryReadSignal(argument, type, out var signal, out error), signal, error);
                break;
            case CallsClientEvent.SendMessage:
                AssertEither(CallsReader.TryReadMessage(argument, out var message, out error), message, error);
                break;
            case CallsClientEvent.SendReaction:
                AssertEither(CallsReader.TryReadReaction(argument, out var reaction, out error), reaction, error);
                break;
            case CallsClientEvent.EndCall:
                AssertEither(CallsReader.TryReadEndCall(argument, out var end, out error), end, error);
                break;
            case CallsClientEvent.GetMatchDetails:
                AssertEither(CallsReader.TryReadMatchDetails(argument, out var session, out error), session, error);
                break;
            case CallsClientEvent.ConnectionStatus:
                AssertEither(CallsReader.TryReadConnectionStatus(argument, out var status, out error), status, error);
                break;
            default:
                throw new ArgumentException($"{name} has no argument.");
        }

        return error;
    }

    internal static CallsError? Read(string name, string argument) => Read(name, Encoding.UTF8.GetBytes(argument));

    private static void AssertEither(bool success, object? value, CallsError? error)
    {
        Assert.Equal(success, value is not null);
        Assert.Equal(success, error is null);
    }
}
