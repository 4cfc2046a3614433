using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace MovieAspire.Standalone.Hosting.Tests;

/// <summary>Starts scenarios of the tests' AppHost inside the test's own process.</summary>
internal static class TestedAppHost
{
    // For what this process starts: who is killed would leave diagnostic sockets among the temporary files.
    static TestedAppHost() => Environment.SetEnvironmentVariable("DOTNET_EnableDiagnostics", "0");

    public static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public static async Task<DistributedApplication> StartAsync(string scenario, params IEnumerable<string> settings)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Standalone_Hosting_Tests_AppHost>(["--scenario", scenario, .. settings], Limit);
        var application = await builder.BuildAsync(Limit);
        await application.StartAsync(Limit);
        return application;
    }
}
