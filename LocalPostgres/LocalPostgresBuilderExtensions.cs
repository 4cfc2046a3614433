using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MovieAspire.LocalPostgres;

/// <summary>Adds PostgreSQL servers that need no container engine.</summary>
public static class LocalPostgresBuilderExtensions
{
    /// <summary>The database that every server has.</summary>
    private const string MaintenanceDatabase = "postgres";

    /// <summary>
    /// Adds a PostgreSQL server: in a container if a container engine answers or the application is published, else as a process of this
    /// machine. Name, connection string, health check and persistence of the data are the same.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="configureContainer">Configures the container, in addition to the volume for its data.</param>
    /// <exception cref="DistributedApplicationException">Neither is possible, or not the one that the settings demand.</exception>
    /// <seealso cref="PostgresSettings"/>
    public static IResourceBuilder<IResourceWithConnectionString> AddPostgresServer(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        Action<IResourceBuilder<PostgresServerResource>>? configureContainer = null)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            var folder = PostgresDataFolder.For(builder, name);
            var choice = PostgresChoice.DecideAsync(name, builder.Configuration, folder).GetAwaiter().GetResult();
            builder.Eventing.Subscribe<BeforeStartEvent>((e, _) =>
            {
                choice.SaveKind(builder.Configuration, folder);
                if (choice.Message is not null)
                {
                    e.Services.GetRequiredService<ILogger<PostgresChoice>>().LogInformation("{Message}", choice.Message);
                }

                return Task.CompletedTask;
            });
            if (choice.Installation is not null)
            {
                return builder.AddLocalPostgres(name, choice.Installation, folder);
            }
        }

        var container = builder.AddPostgres(name);
        if (builder.ExecutionContext.IsPublishMode)
        {
            // The default name contains the AppHost's path: published from another folder, a site would start with an empty database.
            container.WithDataVolume($"{name}-data");
        }
        else if (!PostgresSettings.IsTemporary(builder.Configuration))
        {
            container.WithDataVolume();
        }

        configureContainer?.Invoke(container);
        return container;
    }

    /// <summary>Adds a database to a server that <see cref="AddPostgresServer"/> added.</summary>
    /// <exception cref="ArgumentException">Another method added the server.</exception>
    public static IResourceBuilder<IResourceWithConnectionString> AddDatabase(
        this IResourceBuilder<IResourceWithConnectionString> server, [ResourceName] string name) => server.Resource switch
        {
            PostgresServerResource container =>
                PostgresBuilderExtensions.AddDatabase(server.ApplicationBuilder.CreateResourceBuilder(container), name),
            LocalPostgresResource process => server.ApplicationBuilder.AddLocalDatabase(name, process),
            _ => throw new ArgumentException($"{server.Resource.Name} is no PostgreSQL server.", nameof(server)),
        };

    private static IResourceBuilder<LocalPostgresResource> AddLocalPostgres(
        this IDistributedApplicationBuilder builder, string name, PostgresInstallation installation, PostgresDataFolder folder)
    {
        var cluster = new PostgresCluster(installation, folder.Location, folder.IsTemporary);
        var command = cluster.ServerCommand();
        var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        // Not the data folder as the working directory: it does not exist yet, and only its owner can enter it.
        var server = new LocalPostgresResource(name, command[0], Path.GetTempPath(), password);

        Task? prepared = null;
        builder.Eventing.Subscribe<BeforeStartEvent>((e, cancellationToken) =>
        {
            folder.Acquire();
            e.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(folder.Dispose);
            // Started here, the first initdb runs while the orchestrator starts.
            prepared = Task.Run(() => PrepareAsync(cancellationToken), cancellationToken);
            return Task.CompletedTask;
        });

        return builder.AddResource(server)
            .WithArgs([.. command.Skip(1)])
            // Not proxied: the server would log the proxy's address instead of the client's.
            .WithEndpoint(name: LocalPostgresResource.EndpointName, scheme: "tcp", env: "PGPORT", isProxied: false)
            .WithIconName("DatabaseMultiple")
            .WithHealthCheck(server, MaintenanceDatabase)
            .OnBeforeResourceStarted((_, _, cancellationToken) =>
                Interlocked.Exchange(ref prepared, null) ?? PrepareAsync(cancellationToken))
            .OnResourceReady((_, _, cancellationToken) =>
            {
                // Not awaited: dependents need the server, not the flush to disk.
                _ = cluster.SyncAsync(cancellationToken);
                return Task.CompletedTask;
            });

        async Task PrepareAsync(CancellationToken cancellationToken) =>
            await cluster.PrepareAsync((await password.GetValueAsync(cancellationToken))!, cancellationToken);
    }

    private static IResourceBuilder<LocalPostgresDatabaseResource> AddLocalDatabase(
        this IDistributedApplicationBuilder builder, string name, LocalPostgresResource server)
    {
        var database = new LocalPostgresDatabaseResource(name, server);
        builder.CreateResourceBuilder(server)
            .OnResourceReady(async (_, e, cancellationToken) =>
            {
                await CreateDatabaseAsync(database, cancellationToken);
                await PublishAsync(e.Services, KnownResourceStates.Running);
            })
            .OnResourceStopped((_, e, _) => PublishAsync(e.Services, KnownResourceStates.Exited));
        return builder.AddResource(database)
            .WithIconName("Database")
            .WithHealthCheck(server, name)
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "PostgresDatabase",
                Properties = [],
                State = KnownResourceStates.NotStarted,
            });

        // Aspire publishes the state of databases only for servers in containers.
        Task PublishAsync(IServiceProvider services, string state) => services.GetRequiredService<ResourceNotificationService>()
            .PublishUpdateAsync(database, snapshot => snapshot with
            {
                State = state,
                StartTimeStamp = state == KnownResourceStates.Running ? DateTime.UtcNow : snapshot.StartTimeStamp,
            });
    }

    private static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> resource, LocalPostgresResource server, string database)
        where T : IResource
    {
        var check = $"{resource.Resource.Name}_check";
        resource.ApplicationBuilder.Services.AddHealthChecks().AddCheck(check, new PostgresHealthCheck(server, database));
        return resource.WithHealthCheck(check);
    }

    private static async Task CreateDatabaseAsync(LocalPostgresDatabaseResource database, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresHealthCheck.OpenAsync(database.Parent, MaintenanceDatabase, cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        exists.Parameters.Add(new NpgsqlParameter { Value = database.Name });
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
        {
            var identifier = new NpgsqlCommandBuilder().QuoteIdentifier(database.Name);
#pragma warning disable CA2100 // The name is quoted; it cannot be a parameter.
            await using var create = new NpgsqlCommand($"CREATE DATABASE {identifier}", connection);
#pragma warning restore CA2100
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
