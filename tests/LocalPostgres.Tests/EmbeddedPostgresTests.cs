using System.Runtime.Versioning;
using MovieAspire.Testing;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>The server that npm brings where a machine has none.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresTests : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();

    private string Cache => _home.Below("cache");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _home.DeleteAsync();

    [RequiresFact(Tool.Unix)]
    public async Task Two_AppHosts_that_need_npms_server_at_once_both_get_it_and_it_serves()
    {
        // What an AppHost leaves that was killed while it fetched, long ago.
        var abandoned = Directory.CreateDirectory(Path.Combine(Cache, ".unfinished-1"));
        await File.WriteAllTextAsync(Path.Combine(abandoned.FullName, "package.tgz"), "half");
        abandoned.LastWriteTimeUtc = DateTime.UtcNow.AddHours(-2);

        var both = await Task.WhenAll(EmbeddedPostgres.InstallAsync(Cache), EmbeddedPostgres.InstallAsync(Cache));

        var installation = both[0].Installation!;
        Assert.Equal(installation, both[1].Installation);
        Assert.Equal(EmbeddedPostgres.Newest, installation.Major);
        Assert.Single(Directory.EnumerateDirectories(Cache));
        var cluster = new PostgresCluster(installation, _home.Below("postgres"), isTemporary: false);
        await cluster.PrepareAsync(LocalServer.Password);
        await using (var server = await LocalServer.StartAsync(cluster))
        {
            Assert.StartsWith("18.", (string?)await server.QueryAsync("SHOW server_version"), StringComparison.Ordinal);
            await server.QueryAsync("CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent");
            Assert.Equal("elan", await server.QueryAsync("SELECT unaccent('élan')"));
        }

        // Half of it is gone: it is fetched again.
        File.Delete(installation.Server);
        Assert.Equal(installation, (await EmbeddedPostgres.InstallAsync(Cache)).Installation);
        Assert.Single(Directory.EnumerateDirectories(Cache));
    }

    [RequiresTheory(Tool.Unix)]
    [InlineData("echo forged >\"${option#*=}/package.tgz\"", "is not the one it should be")]
    [InlineData(": >\"${option#*=}/package.tgz\"", "is not the one it should be")]
    [InlineData("echo half >\"${option#*=}/package.tgz\"; echo 'npm error network aborted' >&2; exit 1", "(npm error network aborted)")]
    [InlineData("echo half >\"${option#*=}/package.tgz\"; kill -9 $$", "(exit code 137)")]
    public async Task Archive_that_is_not_the_pinned_one_or_only_half_of_it_is_refused_and_leaves_nothing(string pack, string reason)
    {
        var npm = _home.Program("npm",
            $$"""
            [ "$1" = pack ] || exit 0
            for option; do case $option in --pack-destination=*) {{pack}} ;; esac; done
            """);

        var (installation, problem) = await EmbeddedPostgres.InstallAsync(Cache, npm);

        Assert.Null(installation);
        Assert.EndsWith(reason, problem, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Cache));
    }

    [RequiresFact(Tool.Unix)]
    public async Task Registry_that_cannot_be_reached_is_told_within_seconds()
    {
        var npm = _home.Program("npm", "echo 'npm error network no route' >&2; exit 1");

        var (installation, problem) = await EmbeddedPostgres.InstallAsync(Cache, npm);

        Assert.Null(installation);
        Assert.Equal("npm does not reach its registry (npm error network no route)", problem);
    }
}
