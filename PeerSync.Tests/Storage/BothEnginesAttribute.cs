using System.Reflection;
using PeerSync.Storage.Databases;
using Xunit.Sdk;
using Xunit.v3;

namespace PeerSync.Tests.Storage;

/// <summary>Runs a test once on each engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothEnginesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [.. Enum.GetValues<DatabaseEngine>().Select(engine => new TheoryDataRow<DatabaseEngine>(engine))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
