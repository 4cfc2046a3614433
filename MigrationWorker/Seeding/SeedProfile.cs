using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>Which seed a database gets.</summary>
internal enum SeedProfile
{
    None,

    /// <summary>The movies only. Published sites use this name.</summary>
    Films,

    /// <summary>Real movies, invented users, generated ratings and reviews.</summary>
    Demo,
}

/// <summary>The settings <c>Seed__…</c>.</summary>
internal sealed class SeedOptions : IValidatableObject
{
    private const string Demo = "demo";
    private const string Films = "films";
    private const string None = "none";

    public string Profile { get; set; } = Demo;

    /// <summary>What the command line says, otherwise the environment, otherwise the demonstration.</summary>
    /// <exception cref="UserErrorException">The environment names a profile that does not exist.</exception>
    public static SeedProfile Choose(CommandContext context, SeedProfile? given) =>
        given ?? Enum.Parse<SeedProfile>(context.Settings<SeedOptions>("Seed").Profile, ignoreCase: true);

    public static Option<SeedProfile?> CreateOption(string name)
    {
        var option = new Option<SeedProfile?>(name)
        {
            Description = "What to fill the database with: demo (movies, invented users, generated ratings), "
                + "films (the movies only) or none. Default: Seed__Profile of the environment, or demo.",
            HelpName = "PROFILE",
        };
        option.AcceptOnlyFromAmong(Demo, Films, None);
        return option;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Profile is Demo or Films or None ? [] : [new($"Seed__Profile must be {Demo}, {Films} or {None}, not '{Profile}'.")];

    /// <summary>The name by which settings and <c>applied_seeds</c> know a profile.</summary>
    public static string GetName(SeedProfile profile) => profile switch
    {
        SeedProfile.Demo => Demo,
        SeedProfile.Films => Films,
        _ => None,
    };
}
