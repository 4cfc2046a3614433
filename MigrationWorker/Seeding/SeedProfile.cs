using System.CommandLine;
using MovieAspire.MigrationWorker.CommandLine;
using MovieAspire.MigrationWorker.Hosting;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>Which seed a database gets.</summary>
internal static class SeedProfile
{
    public const string None = "none";

    public static Option<string?> CreateOption(string name)
    {
        var option = new Option<string?>(name)
        {
            Description = "What to fill the database with: demo (films, invented people, generated votes) or none. "
                + "Otherwise Seed__Profile of the environment; otherwise demo.",
            HelpName = "PROFILE",
        };
        option.AcceptOnlyFromAmong(DemoSeed.Profile, None);
        return option;
    }

    /// <summary>What the command line says, otherwise the environment, otherwise the demonstration.</summary>
    /// <exception cref="WorkerException">The environment names a profile that does not exist.</exception>
    public static string Choose(Session session, string? given)
    {
        var profile = given ?? session.Configuration["Seed:Profile"] ?? DemoSeed.Profile;
        return profile is DemoSeed.Profile or None
            ? profile
            : throw new WorkerException($"Seed__Profile must be {DemoSeed.Profile} or {None}, not '{profile}'.");
    }
}
