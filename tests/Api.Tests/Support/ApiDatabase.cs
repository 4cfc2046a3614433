using MovieAspire.Data.Migrations;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Support;

/// <summary>A database at this build's schema, for one test class.</summary>
internal static class ApiDatabase
{
    public static Task<TestDatabase> CreateAsync() => TestDatabase.CloneAsync("api", MigrateAsync);

    private static async Task MigrateAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (var migration in MigrationScript.All)
        {
            await using var command = new NpgsqlCommand(migration.Up, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
