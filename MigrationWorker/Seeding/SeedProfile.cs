using System.CommandLine;
using System.CommandLine.Parsing;
using System.ComponentModel.DataAnnotations;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>Which seed a database gets.</summary>
internal enum SeedProfile
{
    None,

    /// <summary>The real movies only.</summary>
    Movies,

    /// <summary>Real movies, invented users, generated ratings and reviews.</summary>
    Demo,
}

/// <summary>The settings <c>Seed__…</c>.</summary>
internal sealed class SeedOptions : IValidatableObject
{
    public const string Section = "Seed";

    private static readonly (string Name, SeedProfile Profile)[] Profiles =
        [("demo", SeedProfile.Demo), ("movies", SeedProfile.Movies), ("none", SeedProfile.None)];

    // The former name of movies, which existing settings and rows of applied_seeds contain.
    private const string Films = "films";

    public string Profile { get; set; } = GetName(SeedProfile.Demo);

    /// <summary>The profile of the command line, or else of the environment, or else demo.</summary>
    /// <exception cref="UserErrorException">The environment names a profile that does not exist.</exception>
    public static SeedProfile Choose(CommandContext context, SeedProfile? given) =>
        given ?? Find(context.Settings<SeedOptions>(Section).Profile)!.Value;

    public static Option<SeedProfile?> CreateOption()
    {
        var option = new Option<SeedProfile?>("--profile", "--seed")
        {
            Description = "What to fill the database with: demo (movies, invented users, generated ratings), "
                + "movies (nothing invented) or none. Default: Seed__Profile of the environment, or demo.",
            HelpName = "PROFILE",
            CustomParser = result =>
            {
                var given = result.Tokens[0].Value;
                if (Find(given) is null)
                {
                    result.AddError(Refuse((result.Parent as OptionResult)?.IdentifierToken?.Value ?? "--profile", given));
                }

                return Find(given);
            },
        };
        option.CompletionSources.Add([.. Profiles.Select(profile => profile.Name)]);
        return option;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Find(Profile) is null ? [new(Refuse("Seed__Profile", Profile))] : [];

    /// <summary>The name of a profile in settings and <c>applied_seeds</c>.</summary>
    public static string GetName(SeedProfile profile) => Profiles.Single(known => known.Profile == profile).Name;

    /// <summary>All names of a profile in <c>applied_seeds</c>.</summary>
    public static string[] GetNames(SeedProfile profile) =>
        profile == SeedProfile.Movies ? [GetName(profile), Films] : [GetName(profile)];

    private static SeedProfile? Find(string name) => name == Films
        ? SeedProfile.Movies
        : Profiles.Where(known => known.Name == name).Select(known => (SeedProfile?)known.Profile).SingleOrDefault();

    private static string Refuse(string setting, string given) =>
        $"{setting} must be {string.Join(", ", Profiles[..^1].Select(known => known.Name))} or {Profiles[^1].Name}, not '{given}'.";
}
