using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Scaffolding;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Data.Migrations;
using MovieAspire.Data.Schema;
using MovieAspire.Testing;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Design.Internal;

namespace MovieAspire.Data.Tests;

/// <summary>Model, migrations, the scripts that the worker runs, and the schema that drift is told by, belong together.</summary>
public sealed partial class MigrationTests
{
    private const string Scripts = "Data/Migrations/Scripts";
    private const string CompiledModel = "Data/CompiledModel";

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
        VerifyNoOthers(Scripts, files);
        if (!GeneratedFile.IsUpdating)
        {
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
    public async Task Committed_compiled_model_is_that_of_the_configurations()
    {
        using var context = new DesignTimeFactory().CreateDbContext([]);
        var services = new ServiceCollection().AddEntityFrameworkDesignTimeServices().AddDbContextDesignTimeServices(context);
#pragma warning disable EF1001 // 'dotnet ef' finds this class by an attribute of Npgsql's assembly; there is no public way.
        new NpgsqlDesignTimeServices().ConfigureDesignTimeServices(services);
#pragma warning restore EF1001
        await using var provider = services.BuildServiceProvider();
        var options = new CompiledModelCodeGenerationOptions
        {
            ContextType = typeof(MovieDbContext),
            ModelNamespace = "MovieAspire.Data.CompiledModel",
            Language = "C#",
            UseNullableReferenceTypes = true,
        };
        var made = Directory.CreateTempSubdirectory("compiled-model-").FullName;
        try
        {
            provider.GetRequiredService<ICompiledModelScaffolder>()
                .ScaffoldModel(context.GetService<IDesignTimeModel>().Model, made, options);

            var files = Directory.GetFiles(made).Select(file => Path.GetFileName(file)).ToList();
            Assert.NotEmpty(files);
            foreach (var file in files)
            {
                var code = await File.ReadAllTextAsync(Path.Combine(made, file));

                // The identity of a model within a process, drawn anew each time that the code is made.
                code = ModelId().Replace(code, "modelId: new Guid(\"00000000-0000-0000-0000-000000000001\")");
                await GeneratedFile.VerifyAsync($"{CompiledModel}/{file}", code);
            }

            VerifyNoOthers(CompiledModel, files);
        }
        finally
        {
            Directory.Delete(made, recursive: true);
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
            Assert.Equal(live, SchemaCatalog.ReadExpected());
        }
    }

    /// <summary>What was made of something that is gone by now, goes too.</summary>
    private static void VerifyNoOthers(string folder, IEnumerable<string> files)
    {
        var path = Path.Combine(Repository.Root, folder);
        var others = Directory.GetFiles(path).Select(file => Path.GetFileName(file)).Except(files).ToList();
        if (GeneratedFile.IsUpdating)
        {
            others.ForEach(file => File.Delete(Path.Combine(path, file)));
        }
        else
        {
            Assert.Empty(others);
        }
    }

    [GeneratedRegex("modelId: new Guid\\(\"[^\"]*\"\\)")]
    private static partial Regex ModelId();
}
