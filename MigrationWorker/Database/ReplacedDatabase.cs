using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>A database that a restore replaced and kept; its size is in bytes, with indexes.</summary>
internal sealed record ReplacedDatabase(string Name, DateTimeOffset ReplacedAt, long Size)
{
    /// <summary>Those that <paramref name="live"/> has replaced, newest first.</summary>
    public static async Task<IReadOnlyList<ReplacedDatabase>> ListAsync(NpgsqlConnection maintenance, string live, CancellationToken cancellationToken)
    {
        var replaced = new List<ReplacedDatabase>();
        foreach (var name in await maintenance.ListAsync<string>("SELECT datname::text FROM pg_database", cancellationToken))
        {
            if (AsideName.Time(name, live, AsideName.Replaced) is { } time)
            {
                replaced.Add(new ReplacedDatabase(name, time, (await maintenance.ListAsync<long>("SELECT pg_database_size($1::name)", cancellationToken, name)).Single()));
            }
        }

        return [.. replaced.OrderByDescending(database => database.ReplacedAt)];
    }

    public Task DropAsync(NpgsqlConnection maintenance, CancellationToken cancellationToken) =>
        maintenance.RunAsync($"DROP DATABASE {Sql.Quote(Name)} WITH (FORCE)", cancellationToken);
}
