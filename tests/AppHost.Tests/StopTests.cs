using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MovieAspire.Testing;

namespace MovieAspire.AppHost.Tests;

/// <summary>The end of the AppHost as a process, as Ctrl+C and a service manager bring it about.</summary>
public sealed partial class StopTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    // Inherited by all that the AppHost starts.
    private readonly string _mark = Guid.NewGuid().ToString();

    [RequiresFact(Tool.Linux)]
    public async Task Stop_signal_ends_the_AppHost_when_all_that_it_started_has_ended()
    {
        using var limit = new CancellationTokenSource(Deadline);
        using var appHost = Start();
        try
        {
            var address = await ReadAddressAsync(appHost.StandardOutput, limit.Token);
            using var client = new HttpClient();
            Assert.True((await client.GetAsync(address, limit.Token)).IsSuccessStatusCode);
            Assert.Contains(Servers(), IsApi);
            Assert.Contains(Servers(), IsPostgres);
            var rest = appHost.StandardOutput.ReadToEndAsync(limit.Token);

            await StopAsync(appHost, limit.Token);

            Assert.Empty(Servers());
            Assert.DoesNotContain("fail:", await rest, StringComparison.Ordinal);
        }
        finally
        {
            Kill(appHost);
        }
    }

    [RequiresFact(Tool.Linux)]
    public async Task Stop_signal_during_the_start_ends_the_AppHost_when_what_it_has_started_has_ended()
    {
        using var limit = new CancellationTokenSource(Deadline);
        using var appHost = Start();
        try
        {
            var output = appHost.StandardOutput.ReadToEndAsync(limit.Token);
            await Eventually.HoldsAsync(() => Servers().Any(IsPostgres), "PostgreSQL runs");

            await StopAsync(appHost, limit.Token);

            Assert.Empty(Servers());
            Assert.DoesNotMatch(MoviesLine(), await output);
        }
        finally
        {
            Kill(appHost);
        }
    }

    private Process Start()
    {
        var start = Cli.Command(
            "dotnet",
            typeof(Projects.AppHost).Assembly.Location,
            "--Postgres=process",
            "--PostgresData=temporary",
            "--DcpPublisher:RandomizePorts=true");
        // As in the launch profile, with ports that are free.
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = "http://localhost:0";
        start.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:0";
        start.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "http://localhost:0";
        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        start.Environment["Seed__Profile"] = "none";
        start.Environment["STOP_TEST"] = _mark;
        return Process.Start(start)!;
    }

    private static async Task StopAsync(Process appHost, CancellationToken cancellationToken)
    {
        await Cli.RunAsync("kill", "-s", "TERM", appHost.Id.ToString(CultureInfo.InvariantCulture));
        await appHost.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, appHost.ExitCode);
    }

    private static void Kill(Process appHost)
    {
        if (!appHost.HasExited)
        {
            appHost.Kill();
        }
    }

    /// <summary>
    /// The command lines of the API and of PostgreSQL, among the processes with this mark. Aspire's own processes take longer.
    /// </summary>
    private IEnumerable<string> Servers()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            string environment, commandLine;
            try
            {
                environment = File.ReadAllText(Path.Combine(process, "environ"));
                commandLine = File.ReadAllText(Path.Combine(process, "cmdline"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // It has just ended, or is somebody else's.
            }

            if (environment.Contains(_mark, StringComparison.Ordinal) && (IsApi(commandLine) || IsPostgres(commandLine)))
            {
                yield return commandLine;
            }
        }
    }

    private static bool IsApi(string commandLine) => commandLine.Contains("MovieAspire.Api.dll", StringComparison.Ordinal);

    private static bool IsPostgres(string commandLine) => commandLine.Contains("/postgres\0-D", StringComparison.Ordinal);

    private static async Task<string> ReadAddressAsync(StreamReader output, CancellationToken cancellationToken)
    {
        while (await output.ReadLineAsync(cancellationToken) is { } line)
        {
            if (MoviesLine().Match(line) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }
        }

        throw new InvalidOperationException("The AppHost ended before the API was ready.");
    }

    [GeneratedRegex("Movies: +(http[^ ]+)")]
    private static partial Regex MoviesLine();
}
