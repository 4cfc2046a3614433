using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Makes sure that a database exists once its server is up.</summary>
internal sealed class PostgresDatabaseRunnable(PostgresDatabaseResource database) : IRunnable
{
    public async Task<RunInfo> StartAsync(CancellationToken cancellationToken)
    {
        await using var connection = await PostgresConnection.OpenAsync(database.Parent, cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", connection)
        {
            Parameters = { new() { Value = database.DatabaseName } },
        };
        if (await exists.ExecuteScalarAsync(cancellationToken) is true)
        {
            return Info("existing database");
        }

        var script = database.Annotations.OfType<CreationScriptAnnotation>().LastOrDefault()?.Script
            ?? $"CREATE DATABASE {new NpgsqlCommandBuilder().QuoteIdentifier(database.DatabaseName)}";
#pragma warning disable CA2100 // The script comes from the AppHost's own code.
        await using var create = new NpgsqlCommand(script, connection);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(cancellationToken);
        return Info("new database");
    }

    public Task StopAsync(TimeSpan grace) => Task.CompletedTask;

    private RunInfo Info(string what) => new($"{what} {database.DatabaseName}", RunInfo.Never);
}
