using System.Diagnostics;
using Aspire.Hosting.Testing;

namespace MovieAspire.Standalone.Hosting.Tests;

public sealed class PostgresChoiceTests
{
    [Fact]
    public async Task Neither_engine_nor_binaries_is_one_error_that_names_both_remedies()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "postgres", "--Standalone:PostgresBinaries", home.Path, "--ASPIRE_CONTAINER_RUNTIME", "no-such-engine");

        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.Contains("no container engine answers", appHost.Output, StringComparison.Ordinal);
        Assert.Contains("Either start Docker or Podman, or install PostgreSQL", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forced_container_without_an_engine_is_an_error()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "postgres", "--Standalone:Postgres", "container", "--ASPIRE_CONTAINER_RUNTIME", "no-such-engine");

        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.Contains("Standalone:Postgres asks for a container, but no container engine answers", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_without_the_image_or_a_way_to_it_is_told_apart_from_no_engine()
    {
        using var home = new TemporaryFolder();
        var engine = home.Program("offline-engine", """case $1 in version) echo 27.0 ;; pull) echo 'no such host' >&2; exit 1 ;; *) exit 1 ;; esac""");
        await using var appHost = AppHostProcess.Start(home, "postgres", "--Standalone:Postgres", "container", "--ASPIRE_CONTAINER_RUNTIME", engine);

        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.Contains("cannot be pulled (no such host). Either bring the image to the engine (offline-engine pull, or offline-engine load), or set it to 'process'.", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_means_nothing_is_an_error()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "postgres", "--Standalone:Postgres", "vm");

        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.Contains("Standalone:Postgres is 'vm'; it can be 'container' or 'process'", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_costs_about_a_second()
    {
        using var folder = new TemporaryFolder();
        var engine = folder.Program("slow-engine", "exec sleep 60");

        var clock = Stopwatch.StartNew();
        Assert.Null(await ContainerEngine.FindAsync(engine, TestedAppHost.Limit));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_test_gets_data_of_its_own_and_leaves_none()
    {
        using var home = new TemporaryFolder();
        var app = await TestedAppHost.StartAsync("postgres", "--Standalone:Postgres=process", $"--Standalone:DataFolder={home.Below("data")}");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("postgres", out var server));
        Assert.Contains("throw-away data", server.Snapshot.Properties.Single(p => p.Name == "description").Value!.ToString(), StringComparison.Ordinal);
        Assert.NotNull(await app.GetConnectionStringAsync("store"));

        var clock = Stopwatch.StartNew();
        await app.DisposeAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Empty(Directory.EnumerateFiles(home.Below("data"), "*", SearchOption.AllDirectories));
    }
}
