using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace MovieAspire.LocalPostgres;

/// <summary>How a server runs.</summary>
internal enum PostgresKind
{
    /// <summary>In a container, as Aspire's own integration does.</summary>
    Container,

    /// <summary>As a process of this machine.</summary>
    Process,
}

/// <summary>The AppHost's settings of PostgreSQL, from the command line, the environment or its configuration.</summary>
public static class PostgresSettings
{
    /// <summary><c>container</c> or <c>process</c>. Without it, a container if an engine answers.</summary>
    public const string Kind = "Postgres";

    /// <summary>The folder for the data, or <c>temporary</c> to delete the data after the run.</summary>
    public const string Data = "PostgresData";

    /// <summary>The only folder to look for the server's programs in. Without it, the newest installation of the machine is used.</summary>
    public const string Binaries = "PostgresBinaries";

    /// <summary>The cache for servers from npm. Without it, the one that all applications of the user share.</summary>
    public const string Cache = "PostgresCache";

    /// <summary>
    /// Whether the data is deleted after the run: if the setting says so, in tests, and with <c>aspire run --isolated</c>, which must not
    /// share data with the developer.
    /// </summary>
    public static bool IsTemporary(IConfiguration configuration) =>
        string.Equals(configuration[Data], "temporary", StringComparison.OrdinalIgnoreCase)
        || (string.IsNullOrEmpty(configuration[Data]) && configuration.GetValue("DcpPublisher:RandomizePorts", false));

    /// <exception cref="DistributedApplicationException">The setting has an unknown value.</exception>
    internal static PostgresKind? ForcedKind(IConfiguration configuration) => configuration[Kind] switch
    {
        null or "" => null,
        var value when Enum.TryParse<PostgresKind>(value, ignoreCase: true, out var kind) && Enum.IsDefined(kind) => kind,
        var value => throw new DistributedApplicationException($"The setting {Kind} is '{value}'; it can be 'container' or 'process'."),
    };
}

/// <summary>Whether a server runs in a container or as a process, decided before the model is built.</summary>
/// <param name="Installation">The programs for a process; null for a container.</param>
/// <param name="Message">One line for the developer; null if there is nothing unusual.</param>
internal sealed record PostgresChoice(PostgresInstallation? Installation, string? Message)
{
    // Aspire itself waits for an engine without limit.
    private static readonly TimeSpan EngineTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>Decides by the settings, by where the data of earlier runs is, and by what this machine has.</summary>
    /// <exception cref="DistributedApplicationException">There is no PostgreSQL; the message says what to install or start.</exception>
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

    /// <summary>A clone stays with the kind that first held its data, until a setting chooses the other one.</summary>
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
                // A container does not need the folder.
            }
        }
    }

    /// <summary>
    /// Whether a container engine answers, not only its command line: Docker or Podman, or the one in <c>ASPIRE_CONTAINER_RUNTIME</c>, which
    /// Aspire uses.
    /// </summary>
    internal static async Task<bool> EngineAnswersAsync(IConfiguration configuration)
    {
        var chosen = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        string[] engines = string.IsNullOrEmpty(chosen) ? ["docker", "podman"] : [chosen];
        // Not awaited beyond the timeout: killing a program that hangs takes longer.
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

    /// <summary>The newest installation, or, if there is data, one of its major version, because no other can read it.</summary>
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
