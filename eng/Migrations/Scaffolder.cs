using Microsoft.EntityFrameworkCore.Migrations.Design;
using Microsoft.Extensions.DependencyInjection;

namespace MovieAspire.Migrations;

/// <summary>Scaffolds a migration from the difference between the model and the last migration.</summary>
internal static class Scaffolder
{
    public static void Add(string data, string name)
    {
        using var context = DesignTime.CreateContext();
        using var services = DesignTime.CreateServices(context);
        var scaffolder = services.GetRequiredService<IMigrationsScaffolder>();
        var migration = scaffolder.ScaffoldMigration(name, "MovieAspire.Data", "Migrations");
        var files = scaffolder.Save(data, migration, Path.Combine(data, "Migrations"), dryRun: false);
        Console.WriteLine(files.MigrationFile);
    }
}
