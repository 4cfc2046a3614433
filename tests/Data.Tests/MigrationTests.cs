using Microsoft.EntityFrameworkCore;
using MovieAspire.Data.Migrations;

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
}
