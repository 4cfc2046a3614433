using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using MovieAspire.Data.Migrations;
using MovieAspire.Data.Schema;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Data.Tests;

/// <summary>Model, migrations, the scripts that the worker runs, and the schema that drift is told by, belong together.</summary>
public sealed class MigrationTests
{
    private const string Scripts = "Data/Migrations/Scripts";

    [Fact]
    public void Model_has_no_pending_changes()
    {
        using var context = new DesignTimeFactory().CreateDbContext([]);
        Assert.False(context.Database.HasPendingModelChanges(), "Run: dotnet ef migrations add NAME --project Data");
    }

    [Fact]
    public async Task Committed_scripts_are_those_of_the_migrations()
    {
        using var context = new DesignTimeFactory().CreateDbContext([]);
        var migrator = context.GetService<IMigrator>();
        var migrations = context.GetService<IMigrationsAssembly>();
        var before = Migration.InitialDatabase;
        var files = new List<string>();
        foreach (var id in context.Database.GetMigrations())
        {
            var migration = migrations.CreateMigration(migrations.Migrations[id], context.Database.ProviderName!);
            var version = migration.TargetModel.GetProductVersion()!;
            await VerifyAsync($"{id}.up.sql", before, id, version);
            await VerifyAsync($"{id}.down.sql", id, before, version);
            before = id;
        }

        Assert.NotEmpty(files);
        var folder = Path.Combine(Repository.Root, Scripts);
        var others = Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Except(files).ToList();
        if (GeneratedFile.IsUpdating)
        {
            others.ForEach(file => File.Delete(Path.Combine(folder, file)));
        }
        else
        {
            Assert.Empty(others);
            Assert.Equal(context.Database.GetMigrations(), MigrationScript.All.Select(script => script.Id));
        }

        Task VerifyAsync(string file, string from, string to, string version)
        {
            files.Add(file);

            // The worker holds the transaction itself, since it sets timeouts in it.
            var sql = migrator.GenerateScript(from, to, MigrationsSqlGenerationOptions.NoTransactions);

            // EF Core writes its own version into its history; a script keeps that of the EF Core that made the migration.
            sql = sql.Replace($"', '{ProductInfo.GetVersion()}');", $"', '{version}');", StringComparison.Ordinal);
            return GeneratedFile.VerifyAsync($"{Scripts}/{file}", sql.Trim() + "\n");
        }
    }

    [Fact]
    public async Task Committed_schema_is_what_the_migrations_make()
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = new DbContextOptionsBuilder<MovieDbContext>().UseNpgsql(database.ConnectionString).Options;
        await using (var context = new MovieDbContext(options))
        {
            await context.Database.MigrateAsync();
        }

        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        var live = await SchemaCatalog.ReadAsync(connection);
        Assert.NotEmpty(live);
        await GeneratedFile.VerifyAsync("Data/Schema/schema.sql", SchemaCatalog.Format(live));
        if (!GeneratedFile.IsUpdating)
        {
            Assert.Equal(live, SchemaCatalog.OfThisBuild());
        }
    }
}
