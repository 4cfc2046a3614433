using System.CommandLine;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>Which seed a database gets.</summary>
internal static class SeedProfile
{
    /// <summary>Real films, invented people, generated votes and reviews.</summary>
    public const string Demo = "demo";

    /// <summary>The films only.</summary>
    public const string Films = "films";

    public const string None = "none";

    public static Option<string?> CreateOption(string name)
    {
        var option = new Option<string?>(name)
        {
            Description = "What to fill the database with: demo (films, invented people, generated votes), films (nothing else) or none. "
                + "Otherwise Seed__Profile of the environment; otherwise demo.",
            HelpName = "PROFILE",
        };
        option.AcceptOnlyFromAmong(Demo, Films, None);
        return option;
    }

    /// <summary>What the command line says, otherwise the environment, otherwise the demonstration.</summary>
    /// <exception cref="UserErrorException">The environment names a profile that does not exist.</exception>
    public static string Choose(CommandContext context, string? given)
    {
        var profile = given ?? context.Configuration["Seed:Profile"] ?? Demo;
        return profile is Demo or Films or None
            ? profile
            : throw new UserErrorException($"Seed__Profile must be {Demo}, {Films} or {None}, not '{profile}'.");
    }
}
