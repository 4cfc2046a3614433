using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;
using MovieAspire.Data.Schema;
using Npgsql;

namespace MovieAspire.Migrations;

/// <summary>Writes what the migrations make of an empty database, as a server describes it.</summary>
internal static class SchemaWriter
{
    public static void Write(string data, string server)
    {
        var scratch = new NpgsqlConnectionStringBuilder(server) { Database = $"schema_{Guid.NewGuid():N}", Pooling = false };
        using var context = new MovieDbContext(new DbContextOptionsBuilder<MovieDbContext>().UseNpgsql(scratch.ConnectionString).Options);
        try
        {
            context.Database.Migrate();
            using var connection = new NpgsqlConnection(scratch.ConnectionString);
            connection.Open();
            var file = Path.Combine(data, "Schema", "schema.sql");
            File.WriteAllText(file, SchemaCatalog.Format(SchemaCatalog.ReadAsync(connection).GetAwaiter().GetResult()));
            Console.WriteLine(file);
        }
        finally
        {
            context.Database.EnsureDeleted();
        }
    }
}
