using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Decides between a container and a process.</summary>
internal sealed class PostgresChoice(IConfiguration settings, IReadOnlyList<PostgresBinaries> installed, DataFolder folder, ILogger logger)
{
    public const string Container = "container";
    public const string Process = "process";

    // Binaries at hand start at once; only without them is a long download better than nothing.
    private static readonly TimeSpan PullWithBinaries = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PullWithoutBinaries = TimeSpan.FromMinutes(5);

    private readonly string? _forced = settings["Standalone:Postgres"];

    /// <summary>The engine to use; null for a process.</summary>
    /// <exception cref="DistributedApplicationException">There is neither, or not the one that is asked for.</exception>
    public async Task<ContainerEngine?> ContainerAsync(string image, CancellationToken cancellationToken)
    {
        if (_forced is not (null or "" or Container or Process))
        {
            throw new DistributedApplicationException($"Standalone:Postgres is '{_forced}'; it can be '{Container}' or '{Process}'.");
        }

        // Data stays where it is: an engine that appears one day must not make it look lost.
        if (_forced == Process || (_forced != Container && folder.LastKind == Process))
        {
            return null;
        }

        var hasBinaries = installed.Count > 0;
        var engine = await ContainerEngine.FindAsync(settings["ASPIRE_CONTAINER_RUNTIME"], cancellationToken);
        var problem = engine is null
            ? "no container engine answers (docker, podman)"
            : await ImageProblemAsync(engine, image, hasBinaries && _forced is null, cancellationToken);
        if (problem is null)
        {
            return engine;
        }

        var remedy = engine is null ? "start Docker or Podman" : $"bring the image to the engine ({engine.Name} pull, or {engine.Name} load)";
        if (_forced == Container)
        {
            throw new DistributedApplicationException($"Standalone:Postgres asks for a container, but {problem}. Either {remedy}, or set it to '{Process}'.");
        }

        if (!hasBinaries)
        {
            throw new DistributedApplicationException(
                $"PostgreSQL cannot be started: {problem}, and there are no binaries of PostgreSQL {PostgresBinaries.OldestMajor} or newer on this machine. "
                + $"Either {remedy}, or install PostgreSQL (Debian, Ubuntu: apt install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql; Windows: winget install PostgreSQL.PostgreSQL).");
        }

        if (folder.LastKind == Container)
        {
            logger.LogWarning("{Problem}, so that the data of earlier runs, which is in a container volume, is out of reach; this run has data of its own.", problem);
        }
        else if (engine is not null)
        {
            logger.LogInformation("{Problem}; the machine's own PostgreSQL is used instead.", problem);
        }

        return null;
    }

    private async Task<string?> ImageProblemAsync(ContainerEngine engine, string image, bool hasBinaries, CancellationToken cancellationToken)
    {
        if (await engine.HasImageAsync(image, cancellationToken))
        {
            return null;
        }

        logger.LogInformation("Pulling {Image} …", image);
        return await engine.PullAsync(image, hasBinaries ? PullWithBinaries : PullWithoutBinaries, cancellationToken) is { } error
            ? $"the image {image} cannot be pulled ({error})"
            : null;
    }
}
