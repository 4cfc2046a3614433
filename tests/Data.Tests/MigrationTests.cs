using Microsoft.EntityFrameworkCore;
using MovieAspire.Data.Migrations;
using MovieAspire.Data.Schema;
using Npgsql;

namespace MovieAspire.Data.Tests;

public sealed class MigrationTests(MovieDatabase database) : IClassFixture<MovieDatabase>
{
    [Fact]
    public void The_model_has_no_change_without_a_migration()
    {
        using var context = database.CreateContext();
        Assert.False(context.Database.HasPendingModelChanges(), "Run: dotnet run --project eng/Migrations -- add NAME");
    }

    [Fact]
    public void The_scripts_are_those_of_the_migrations()
    {
        using var context = database.CreateContext();
        var generated = MigrationScriptGenerator.Generate(context).ToList();
        Assert.NotEmpty(generated);
        Assert.Equal(generated.Select(script => script.Id), MigrationScript.All.Select(script => script.Id));
        Assert.All(generated.Zip(MigrationScript.All), pair =>
        {
            Assert.Equal(pair.First.Up, pair.Second.Up);
            Assert.Equal(pair.First.Down, pair.Second.Down);
        });
    }

    [Fact]
    public async Task The_schema_of_this_build_is_what_the_migrations_make()
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        var live = await SchemaCatalog.ReadAsync(connection);
        Assert.NotEmpty(live);
        Assert.Equal(SchemaCatalog.Format(SchemaCatalog.OfThisBuild()), SchemaCatalog.Format(live));
    }
}
