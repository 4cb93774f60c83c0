using PeerSync.Kernel;

namespace PeerSync.Tests.TestKit;

/// <summary>The base of tests with actors: a system of their own, terminated at the end.</summary>
public abstract class TestKit : TestKitBase, IAsyncDisposable
{
    protected TestKit(ActorSystemSettings? settings = null)
        : base(ActorSystem.Create("test", settings ?? ActorSystemSettings.Default), "testActor")
    {
    }

    /// <summary>A test's own clock in otherwise default settings.</summary>
    protected static ActorSystemSettings With(TimeProvider time) => new() { TimeProvider = time };

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Sys.Terminate().WaitAsync(DefaultTimeout);
    }
}
