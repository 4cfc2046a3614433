using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>A container that serves the database.</summary>
/// <param name="Engine">The command of its engine.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Port">The server's port inside.</param>
internal sealed partial record ServerContainer(string Engine, string Id, string Name, int Port)
{
    private static readonly string[] Engines = ["docker", "podman"];

    // The server's own files say which server it is. That needs no password, and finds it behind proxies, too,
    // as Aspire's orchestrator puts one before each container.
    private const string Identify = """LC_ALL=C pg_controldata -D "$PGDATA" && sed -n 's/^/postmaster.pid: /p' "$PGDATA/postmaster.pid" """;

    /// <summary>The container whose server has this system identifier.</summary>
    public static async Task<ServerContainer?> FindAsync(string systemIdentifier, CancellationToken cancellationToken)
    {
        foreach (var engine in Engines)
        {
            foreach (var (id, name) in await CandidatesAsync(engine, cancellationToken))
            {
                var answer = await ToolCommand.TryReadAsync(engine, ["exec", id, "sh", "-c", Identify], cancellationToken);
                if (answer is not null && SystemIdentifier().Match(answer).Groups[1].Value == systemIdentifier
                    && PostmasterLine().Matches(answer) is { Count: > 3 } lines)
                {
                    return new ServerContainer(engine, id, name, int.Parse(lines[3].Groups[1].ValueSpan, CultureInfo.InvariantCulture));
                }
            }
        }

        return null;
    }

    // Every image of PostgreSQL has PGDATA in its environment.
    private static async Task<List<(string Id, string Name)>> CandidatesAsync(string engine, CancellationToken cancellationToken)
    {
        var ids = (await ToolCommand.TryReadAsync(engine, ["ps", "--quiet", "--no-trunc"], cancellationToken) ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (ids.Length == 0 || await ToolCommand.TryReadAsync(engine, ["inspect", .. ids], cancellationToken) is not { } text)
        {
            return [];
        }

        using var inspected = JsonDocument.Parse(text);
        return [.. inspected.RootElement.EnumerateArray()
            .Where(container => container.GetProperty("Config").TryGetProperty("Env", out var variables) && variables.ValueKind == JsonValueKind.Array
                && variables.EnumerateArray().Any(variable => variable.GetString()!.StartsWith("PGDATA=", StringComparison.Ordinal)))
            .Select(container => (container.GetProperty(nameof(Id)).GetString()!, container.GetProperty(nameof(Name)).GetString()!.TrimStart('/')))];
    }

    [GeneratedRegex(@"^Database system identifier:\s*(\d+)", RegexOptions.Multiline)]
    private static partial Regex SystemIdentifier();

    [GeneratedRegex("^postmaster.pid: (.*)$", RegexOptions.Multiline)]
    private static partial Regex PostmasterLine();
}
