using System.Runtime.Versioning;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging.Abstractions;
using MovieAspire.Testing;

namespace MovieAspire.LocalPostgres.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class PostgresReferenceTests : IAsyncLifetime
{
    private const string Password = "s e/cret";
    private readonly TemporaryFolder _home = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _home.DeleteAsync();

    [RequiresFact(Tool.Unix)]
    public async Task Project_that_refers_to_the_database_gets_the_same_environment_in_either_case()
    {
        var process = await EnvironmentAsync("process");
        var container = await EnvironmentAsync("container");

        Assert.Equal(container, process);
        Assert.Equal(
            [
                "ConnectionStrings__moviedb", "MOVIEDB_DATABASENAME", "MOVIEDB_HOST", "MOVIEDB_JDBCCONNECTIONSTRING",
                "MOVIEDB_PASSWORD", "MOVIEDB_PORT", "MOVIEDB_URI", "MOVIEDB_USERNAME",
            ],
            process.Keys);
        Assert.Equal($"postgresql://postgres:{Uri.EscapeDataString(Password)}@localhost:5432/moviedb", process["MOVIEDB_URI"]);
    }

    private async Task<SortedDictionary<string, string>> EnvironmentAsync(string kind)
    {
        string[] settings =
        [
            "--Postgres", kind, "--PostgresData", "temporary", "--Parameters:postgres-password", Password,
            "--ASPIRE_CONTAINER_RUNTIME", _home.Program("engine", "exit 0"),
        ];
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = settings, DisableDashboard = true });
        // The choice is made on this thread, as in Program.cs, which has none of xunit's to wait for.
        var database = await Task.Run(() => builder.AddPostgresServer("postgres").AddDatabase("moviedb"));
        var project = builder.AddExecutable("project", "true", ".").WithReference(database);
        foreach (var endpoint in builder.Resources.SelectMany(resource => resource.Annotations).OfType<EndpointAnnotation>())
        {
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 5432);
        }

        var configuration = await ExecutionConfigurationBuilder.Create(project.Resource)
            .WithEnvironmentVariablesConfig()
            .BuildAsync(builder.ExecutionContext, NullLogger.Instance);
        return new(configuration.EnvironmentVariables.ToDictionary(), StringComparer.Ordinal);
    }
}
