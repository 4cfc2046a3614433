using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Databases that killed workers left beside the live one.</summary>
internal static class LeftoverDatabases
{
    private const string Unused = """
        SELECT datname::text FROM pg_database
        WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datid = pg_database.oid AND backend_type = 'client backend')
        """;

    /// <summary>
    /// Drops what no living worker is filling. To verify, a worker stays connected. To restore, it holds the worker's lock:
    /// if the caller is <paramref name="locked"/>, programs that a killed worker left running are all that can be connected.
    /// </summary>
    public static async Task<IReadOnlyList<string>> DropAsync(NpgsqlConnection maintenance, string live, bool locked, CancellationToken cancellationToken)
    {
        var unused = await maintenance.ListAsync<string>(Unused, cancellationToken);
        var leftovers = unused.Where(name => AsideName.Time(name, live, AsideName.Verifying) is not null).ToList();
        if (locked)
        {
            var all = await maintenance.ListAsync<string>("SELECT datname::text FROM pg_database", cancellationToken);
            leftovers.AddRange(all.Where(name => AsideName.Time(name, live, AsideName.Restoring) is not null));
        }

        foreach (var name in leftovers)
        {
            await maintenance.RunAsync($"DROP DATABASE IF EXISTS {Sql.Quote(name)} WITH (FORCE)", cancellationToken);
        }

        return leftovers;
    }
}
