using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests;

/// <summary>The role as which a site runs the worker: owner of its database, with CREATEDB, and no superuser.</summary>
internal static class DatabaseOwner
{
    public const string Role = "movieaspire_test_owner";
    private static readonly Lazy<Task> Created = new(CreateAsync);

    /// <summary>Gives a database to the role, and the connection string with which it works there.</summary>
    /// <param name="connectionString">Connection string of a superuser for the database.</param>
    public static async Task<string> TakeAsync(string connectionString)
    {
        await Created.Value;
        var owned = new NpgsqlConnectionStringBuilder(connectionString) { Username = Role, Password = Role };
        await PostgresServer.ExecuteAsync($"""ALTER DATABASE "{owned.Database}" OWNER TO {Role}""");
        return owned.ConnectionString;
    }

    // A server that outlives the tests may have it.
    private static Task CreateAsync() => PostgresServer.ExecuteAsync(
        $"""
        DO $$ BEGIN
            CREATE ROLE {Role} LOGIN CREATEDB PASSWORD '{Role}';
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """);
}
