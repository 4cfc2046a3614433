extern alias worker;

using Npgsql;
using DatabaseRights = worker::MovieAspire.MigrationWorker.Database.DatabaseRights;
using RoleOptions = worker::MovieAspire.MigrationWorker.Database.RoleOptions;

namespace MovieAspire.Testing.Api;

/// <summary>
/// The role as which the API connects in tests. It has only the rights that the worker grants to <c>Roles__Application</c>.
/// </summary>
public static class ApplicationRole
{
    private const string Name = "movieaspire_test_application";

    private const string Create = $"""
        DO $$ BEGIN
            CREATE ROLE {Name} LOGIN PASSWORD '{Name}';
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """;

    /// <summary>The role's connection string for a database. Unchanged if the user is not the superuser or the server is unreachable.</summary>
    public static string Connect(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        try
        {
            return GiveRightsAsync(connection).GetAwaiter().GetResult()
                ? new NpgsqlConnectionStringBuilder(connectionString) { Username = Name, Password = Name }.ConnectionString
                : connectionString;
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            return connectionString;
        }
    }

    private static async Task<bool> GiveRightsAsync(NpgsqlConnectionStringBuilder target)
    {
        if (target.Username != "postgres")
        {
            return false;
        }

        var server = new NpgsqlConnectionStringBuilder(target.ConnectionString) { Pooling = false };
        await using var source = new NpgsqlDataSourceBuilder(server.ConnectionString).BuildMultiHost();
        await using var connection = await source.OpenConnectionAsync(TargetSessionAttributes.Primary).ConfigureAwait(false);
        await connection.ExecuteAsync(Create).ConfigureAwait(false);
        await new DatabaseRights(new RoleOptions { Application = Name }).ApplyAsync(connection, CancellationToken.None).ConfigureAwait(false);
        return true;
    }
}
