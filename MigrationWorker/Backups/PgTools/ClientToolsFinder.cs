using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>Finds programs that fit a server: on the machine, or inside the server's container.</summary>
/// <param name="folders">Where to look on the machine; those of PATH and the usual ones unless given.</param>
internal sealed class ClientToolsFinder(IEnumerable<string>? folders = null)
{
    /// <summary>
    /// Finds programs of the major version of the server to which <paramref name="server"/> is connected; where there are
    /// none, the oldest that are not older than <paramref name="oldest"/>, a major version.
    /// </summary>
    /// <exception cref="ClientToolsMissingException">There are no such programs; the message names those that were found.</exception>
    public async Task<ClientTools> FindAsync(NpgsqlConnection server, int oldest, CancellationToken cancellationToken)
    {
        var preferred = Math.Max(server.PostgreSqlVersion.Major, oldest);
        var found = new List<ClientTools>();
        await foreach (var tools in MachineTools.FindAsync(folders ?? MachineTools.DefaultFolders(), cancellationToken))
        {
            if (tools.Version.Major == preferred)
            {
                return tools;
            }

            found.Add(tools);
        }

        if (await InContainerAsync(server, cancellationToken) is { } inside && inside.Version.Major >= oldest)
        {
            return inside;
        }

        return found.Where(tools => tools.Version.Major >= oldest).MinBy(tools => tools.Version.Major)
            ?? throw new ClientToolsMissingException(Missing(preferred, found));
    }

    private static async Task<ContainerTools?> InContainerAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        var identifier = await server.ScalarAsync<string>("SELECT system_identifier::text FROM pg_control_system()", cancellationToken);
        if (await ServerContainer.FindAsync(identifier!, ServerContainer.Engines, cancellationToken) is not { } container)
        {
            return null;
        }

        var printed = await ProcessRunner.TryReadAsync(
            container.Engine, ["exec", container.Id, ClientTools.Dump, "--version"], cancellationToken);
        return ToolVersion.Parse(printed) is { } version ? new ContainerTools(version, container) : null;
    }

    private static string Missing(int wanted, List<ClientTools> found)
    {
        var seen = found.Count == 0
            ? "None were found"
            : "Found, but too old: " + string.Join(", ", found.Select(tools => $"{tools.Version.Text} in {tools.Place}"));
        return $"pg_dump and pg_restore of PostgreSQL {wanted} are needed. {seen}. "
            + "No Docker or Podman container of this database's server has them. "
            + $"Install PostgreSQL's client programs (on Debian the package postgresql-client-{wanted}) or put their folder on PATH.";
    }
}

/// <summary>There are no programs of PostgreSQL that fit the server; the message says what to install.</summary>
internal sealed class ClientToolsMissingException(string message) : UserErrorException(message);
