using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>Programs inside the container that serves the database: always of the server's own version.</summary>
internal sealed class ContainerTools(ToolVersion version, ServerContainer container)
    : ClientTools(version, $"container {container.Name}")
{
    // What killed workers left goes with the next copy, a day later: a younger one may be in use.
    private const string Receive = """
        find /tmp -maxdepth 1 -name 'movieaspire-*.dump' -mmin +1440 -delete
        umask 077
        cat >"$1"
        """;

    // Inside the container the server is on its own loopback address, where certificates of this machine mean nothing.
    private static readonly string[] Kept = ["PGUSER", "PGPASSWORD", "PGAPPNAME", "LC_ALL"];

    public override ToolProcess Start(string program, IReadOnlyList<string> arguments, NpgsqlConnectionStringBuilder target)
    {
        var variables = LibpqEnvironment.From(target).Where(variable => Kept.Contains(variable.Key)).ToDictionary();
        // A variable that is only named gets its value from the engine's client, so that it stands on no command line.
        string[] passed = [.. variables.Keys.SelectMany(name => new[] { "--env", name })];
        return ToolProcess.Start(
            container.Engine,
            ["exec", .. passed, container.Id, program, "--host=127.0.0.1", $"--port={container.Port}", .. arguments],
            variables);
    }

    public override async Task<ToolFile> OfferAsync(string path, CancellationToken cancellationToken)
    {
        var inside = $"/tmp/movieaspire-{Guid.NewGuid():N}.dump";
        using var copy = ToolProcess.Start(
            container.Engine, ["exec", "--interactive", container.Id, "sh", "-c", Receive, "sh", inside], new Dictionary<string, string>());
        await using (var file = File.OpenRead(path))
        {
            await file.CopyToAsync(copy.Input, cancellationToken);
            copy.Input.Close();
        }

        if (await copy.WaitAsync(cancellationToken) != 0)
        {
            throw new WorkerException($"{path} could not be copied into {Place}: {copy.Describe()}");
        }

        return new ToolFile(inside, () => ToolCommand.TryReadAsync(container.Engine, ["exec", container.Id, "rm", "-f", inside], CancellationToken.None));
    }
}
