extern alias worker;

using MovieAspire.Testing;
using Npgsql;
using DatabaseRights = worker::MovieAspire.MigrationWorker.Database.DatabaseRights;
using RoleOptions = worker::MovieAspire.MigrationWorker.Database.RoleOptions;

namespace MovieAspire.Testing.Api;

/// <summary>
/// The role as which the API connects in every test, with the rights that the worker gives to <c>Roles__Application</c> and no other.
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

    /// <summary>How the role connects to a database. Where a test names another role than the superuser, or no server, it stays so.</summary>
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
