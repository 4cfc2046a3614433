using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MovieAspire.Standalone.Hosting.Tests;

/// <summary>AppHosts that fail, are told to stop, and are killed.</summary>
public sealed class EndOfLifeTests
{
    [Fact]
    public async Task A_failed_dependency_ends_the_AppHost_with_the_reason_in_view()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "failing");

        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.Contains("api: not started, since worker ended with exit code 3, and 0 was expected", appHost.Output, StringComparison.Ordinal);
        Assert.Contains("The last lines of worker:\n    first line\n    the reason stands here", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_ends_before_it_was_healthy_holds_nobody_up()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "never-healthy");

        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.Contains("api: not started, since dying ended with exit code 0 before it was healthy", appHost.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_everything_and_the_exit_code_is_0(string signal)
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "family");
        var parent = await appHost.NumberAsync(@"parent is (\d+)");
        var grandchild = await appHost.NumberAsync(@"grandchild is (\d+)");

        await appHost.SignalAsync(signal);

        var (code, elapsed) = await appHost.ExitAsync();
        Assert.Equal(0, code);
        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.False(Signals.IsAlive(parent));
        await Signals.GoneAsync(grandchild, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Who_does_not_listen_is_killed_in_time()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "stubborn");
        var stubborn = await appHost.NumberAsync(@"stubborn is (\d+)");

        await appHost.SignalAsync("TERM");

        var (code, elapsed) = await appHost.ExitAsync();
        Assert.Equal(0, code);
        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.False(Signals.IsAlive(stubborn));
    }

    [Theory]
    [InlineData("family", "grandchild")]
    [InlineData("stubborn", "stubborn")]
    public async Task A_killed_AppHost_leaves_nobody_behind(string scenario, string who)
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, scenario);
        var child = await appHost.NumberAsync($@"{who} is (\d+)");

        await appHost.SignalAsync("KILL");

        await Signals.GoneAsync(child, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task An_AppHost_killed_at_any_moment_leaves_nobody_behind()
    {
        using var home = new TemporaryFolder();
        foreach (var delay in new[] { 150, 300, 450, 600 })
        {
            var appHost = AppHostProcess.Start(home, "serve");
            await Task.Delay(delay);
            await appHost.SignalAsync("KILL");
            await appHost.ExitAsync();
        }

        await MovieAspire.Testing.Eventually.SucceedsAsync(
            () =>
            {
                Assert.Empty(ProcessesNaming(home.Path));
                return Task.CompletedTask;
            },
            TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_taken_port_is_an_error_that_names_its_owner()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "port", "--port", $"{port}");

        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.Matches($@"api: Port {port}, which api needs, is taken by .+ \(process {Environment.ProcessId}\)\.", appHost.Output);
    }

    [Fact]
    public async Task A_log_file_holds_no_colours_and_ends_in_a_summary()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "serve");

        await appHost.LineAsync(@"Everything is up after \d+\.\d s\.");
        var url = await appHost.LineAsync(@"^  api\s+(http://localhost:\d+)$");
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(url + "/health"))).StatusCode);
        Assert.DoesNotContain("\e", appHost.Output, StringComparison.Ordinal);
        Assert.StartsWith("MovieAspire.Standalone.Hosting.Tests.AppHost: stand-in host, since ", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task States_are_told_after_the_summary_too()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "serve");
        await appHost.LineAsync(@"Everything is up after \d+\.\d s\.");

        await appHost.SignalAsync("TERM");

        await appHost.ExitAsync();
        Assert.Matches(@"(?m)^api\s+= finished$", appHost.Output[appHost.Output.IndexOf("Everything is up", StringComparison.Ordinal)..]);
    }

    /// <summary>Processes in whose environment or command line the text stands.</summary>
    private static IEnumerable<string> ProcessesNaming(string text)
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                string? command, environment;
                try
                {
                    command = File.ReadAllText($"/proc/{process.Id}/cmdline").Replace('\0', ' ');
                    environment = File.ReadAllText($"/proc/{process.Id}/environ");
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    continue;
                }

                if ((command + environment).Contains(text, StringComparison.Ordinal) && Signals.IsAlive(process.Id))
                {
                    yield return $"{process.Id}: {command}";
                }
            }
        }
    }
}
