using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MovieAspire.Data.Migrations;

/// <summary>Makes the scripts of <see cref="MigrationScript"/> from the compiled migrations; for the tool that writes them and the test that compares them.</summary>
public static class MigrationScriptGenerator
{
    public static IEnumerable<MigrationScript> Generate(MovieDbContext context)
    {
        var migrator = context.GetService<IMigrator>();
        var before = Migration.InitialDatabase;
        foreach (var id in context.Database.GetMigrations())
        {
            yield return new MigrationScript(id, Script(migrator, before, id), Script(migrator, id, before));
            before = id;
        }
    }

    // The worker holds the transaction itself, since it sets timeouts in it.
    private static string Script(IMigrator migrator, string from, string to) =>
        migrator.GenerateScript(from, to, MigrationsSqlGenerationOptions.NoTransactions).ReplaceLineEndings("\n").Trim() + "\n";
}
