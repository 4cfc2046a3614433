using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CliWrap;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>Programs inside the container that serves the database: always of the server's own version.</summary>
internal sealed class ContainerTools(ToolVersion version, ServerContainer container)
    : ClientTools(version, $"container {container.Name}")
{
    // Files of killed workers are removed with the next copy, but only after a day: younger ones may be in use.
    private const string Receive = """
        find /tmp -maxdepth 1 -name 'movieaspire-*.dump' -mmin +1440 -delete
        umask 077
        cat >"$1"
        """;

    // Inside the container the server is on loopback, where this machine's certificates do not exist.
    private static readonly string[] Kept = ["PGUSER", "PGPASSWORD", "PGAPPNAME", "PGCLIENTENCODING", "LC_ALL"];

    public override Task<ProcessResult> RunAsync(
        string program, IReadOnlyList<string> arguments, NpgsqlConnectionStringBuilder target, PipeTarget output,
        CancellationToken cancellationToken)
    {
        var variables = LibpqEnvironment.From(target).Where(variable => Kept.Contains(variable.Key)).ToDictionary();
        // Only the variable's name is on the command line; the engine's client takes the value from the environment.
        string[] passed = [.. variables.Keys.SelectMany(name => new[] { "--env", name })];
        return ProcessRunner.RunAsync(
            container.Engine,
            ["exec", .. passed, container.Id, program, "--host=127.0.0.1", $"--port={container.Port}", .. arguments],
            variables,
            PipeSource.Null,
            output,
            cancellationToken);
    }

    public override async Task<ToolFile> OfferAsync(string path, CancellationToken cancellationToken)
    {
        var inside = $"/tmp/movieaspire-{Guid.NewGuid():N}.dump";
        var copy = await ProcessRunner.RunAsync(
            container.Engine,
            ["exec", "--interactive", container.Id, "sh", "-c", Receive, "sh", inside],
            new Dictionary<string, string?>(),
            PipeSource.FromFile(path),
            PipeTarget.Null,
            cancellationToken);
        if (copy.ExitCode != 0)
        {
            throw new UserErrorException($"{path} could not be copied into {Place}: {copy.Errors}");
        }

        return new ToolFile(
            inside, () => ProcessRunner.TryReadAsync(container.Engine, ["exec", container.Id, "rm", "-f", inside], CancellationToken.None));
    }
}

/// <summary>A container that serves the database.</summary>
/// <param name="Engine">The command of its engine.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Port">The server's port inside.</param>
internal sealed partial record ServerContainer(string Engine, string Id, string Name, int Port)
{
    /// <summary>The commands of engines that may run it.</summary>
    public static readonly IReadOnlyList<string> Engines = ["docker", "podman"];

    // Identifies the server by its files. This needs no password, and works behind proxies, such as the one that Aspire's orchestrator puts
    // in front of each container.
    private const string Identify = """LC_ALL=C pg_controldata -D "$PGDATA" && sed -n 's/^/postmaster.pid: /p' "$PGDATA/postmaster.pid" """;

    /// <summary>The container whose server has this system identifier.</summary>
    public static async Task<ServerContainer?> FindAsync(
        string systemIdentifier, IEnumerable<string> engines, CancellationToken cancellationToken)
    {
        foreach (var engine in engines)
        {
            var ids = (await ProcessRunner.TryReadAsync(engine, ["ps", "--quiet", "--no-trunc"], cancellationToken) ?? "")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            foreach (var id in ids)
            {
                // One at a time: inspecting several fails if one of them has ended meanwhile.
                if (await ProcessRunner.TryReadAsync(engine, ["inspect", id], cancellationToken) is { } inspected
                    && NameIfPostgres(inspected) is { } name
                    && await ProcessRunner.TryReadAsync(engine, ["exec", id, "sh", "-c", Identify], cancellationToken) is { } answer
                    && SystemIdentifier().Match(answer).Groups[1].Value == systemIdentifier
                    && PostmasterLine().Matches(answer) is { Count: > 3 } lines)
                {
                    return new ServerContainer(engine, id, name, int.Parse(lines[3].Groups[1].ValueSpan, CultureInfo.InvariantCulture));
                }
            }
        }

        return null;
    }

    // Every image of PostgreSQL has PGDATA in its environment.
    private static string? NameIfPostgres(string inspected)
    {
        using var document = JsonDocument.Parse(inspected);
        var container = document.RootElement[0];
        return container.GetProperty("Config").TryGetProperty("Env", out var variables)
            && variables.ValueKind == JsonValueKind.Array
            && variables.EnumerateArray().Any(variable => variable.GetString()!.StartsWith("PGDATA=", StringComparison.Ordinal))
            ? container.GetProperty(nameof(Name)).GetString()!.TrimStart('/')
            : null;
    }

    [GeneratedRegex(@"^Database system identifier:\s*(\d+)", RegexOptions.Multiline)]
    private static partial Regex SystemIdentifier();

    [GeneratedRegex("^postmaster.pid: (.*)$", RegexOptions.Multiline)]
    private static partial Regex PostmasterLine();
}
