using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MovieAspire.AppHost;

/// <summary>What the AppHost adds to Aspire's resources during development.</summary>
internal static class Extensions
{
    /// <summary>
    /// Prints one line instead of a stack trace if the model cannot be built, for example on a machine without PostgreSQL.
    /// </summary>
    public static void ReportCompositionErrors() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (unhandled.ExceptionObject is DistributedApplicationException error)
        {
            Console.Error.WriteLine($"error: {error.Message}");
            Environment.Exit(1);
        }
    };

    /// <summary>
    /// Makes the AppHost wait for the resources to stop, so that their ports are free for the next start. By default it exits first and
    /// leaves them to the orchestrator.
    /// </summary>
    public static void WaitForResourcesOnShutdown(this IDistributedApplicationBuilder application)
    {
        application.Configuration["DcpPublisher:WaitForResourceCleanup"] = bool.TrueString;
        foreach (var project in application.Resources.OfType<ProjectResource>().ToList())
        {
            // The dashboard stops first, and a program retries its last export for this long: by default 10 s, but it is killed after 6.
            application.CreateResourceBuilder(project).WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "2000");
        }
    }

    /// <summary>
    /// Runs the application until it is told to stop. If that is while it starts, it stops what has started, which its host would leave to
    /// the orchestrator.
    /// </summary>
    public static async Task RunToTheEndAsync(this DistributedApplication application)
    {
        await using var running = application;
        var lifetime = application.Services.GetRequiredService<IHostApplicationLifetime>();
        try
        {
            await application.StartAsync();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop.
        }

        await application.WaitForShutdownAsync();
    }

    /// <summary>
    /// Makes the worker create an admin, whose password is generated once and kept in the user secrets. Published files have no such
    /// account: a deployment names its admin itself.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithFirstAdmin(this IResourceBuilder<ProjectResource> worker)
    {
        var application = worker.ApplicationBuilder;
        var password = new GenerateParameterDefault { MinLength = 22 };
        return worker
            .WithEnvironment("Admin__Email", application.AddParameter("admin-email", "admin@example.com"))
            .WithEnvironment("Admin__Password", application.AddParameter("admin-password", password, secret: true, persist: true));
    }

    /// <summary>
    /// Starts the program that the AppHost's build has built. Aspire's <c>dotnet run --no-build</c> evaluates the project at each start,
    /// which takes longer than the start itself. IDEs and <c>dotnet watch</c> start the project in their own way.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithBuiltProgram(this IResourceBuilder<ProjectResource> project) =>
        Environment.GetEnvironmentVariable("DOTNET_WATCH") == "1" ? project : project.WithLaunchToolArgs(
            context =>
            {
                context.Args.Add("exec");
                context.Args.Add(project.Resource.BuiltProgram());
            },
            ownedByLaunchConfigurationType: "project",
            showInCommandLine: false);

    /// <summary>The path of the built program, beside the AppHost's own.</summary>
    public static string BuiltProgram(this ProjectResource project)
    {
        var name = Path.GetFileNameWithoutExtension(project.GetProjectMetadata().ProjectPath);
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.GetFullPath(Path.Combine("..", "..", name, configuration, $"MovieAspire.{name}.dll"), AppContext.BaseDirectory);
    }

    /// <summary>
    /// Adds a mail catcher, which shows emails and forwards none. It is started by hand; until then, emails wait in the database, and the
    /// API's page shows them.
    /// </summary>
    public static void WithMailCatcher(this IResourceBuilder<ProjectResource> api)
    {
        var isReady = false;
        var catcher = api.ApplicationBuilder.AddContainer("mailpit", "docker.io/axllent/mailpit", "v1.33")
            .WithHttpEndpoint(targetPort: 8025)
            .WithEndpoint(name: "smtp", scheme: "smtp", targetPort: 1025)
            .WithHttpHealthCheck("/readyz")
            .WithExplicitStart()
            .WithIconName("Mail");
        catcher.OnResourceReady((_, ready, cancellation) =>
        {
            isReady = true;
            return ready.Services.GetRequiredService<ResourceCommandService>()
                .ExecuteCommandAsync(api.Resource, KnownResourceCommands.RestartCommand, cancellation);
        });
        catcher.OnResourceStopped((_, _, _) =>
        {
            isReady = false;
            return Task.CompletedTask;
        });
        api.WithEnvironment(context =>
        {
            if (isReady)
            {
                context.EnvironmentVariables["ConnectionStrings__smtp"] = catcher.GetEndpoint("smtp");
                context.EnvironmentVariables["Email__From"] = "Movies <movies@example.com>";
                context.EnvironmentVariables["Email__PublicUrl"] = api.GetEndpoint("http");
            }
        });
    }

    /// <summary>Prints the address once the API is healthy.</summary>
    public static IResourceBuilder<ProjectResource> LogAddressWhenReady(this IResourceBuilder<ProjectResource> api) =>
        api.OnResourceReady(async (resource, ready, cancellation) =>
        {
            var address = await resource.GetEndpoint("http").GetValueAsync(cancellation);
            Log(ready.Services).LogInformation(
                "The API is ready.\n\n      - Movies:         {Address}/api/v1/movies\n      - Documentation:  {Address}/docs\n",
                address,
                address);
        });

    /// <summary>Prints where the first admin signs in once the site is healthy; the password stays a secret.</summary>
    public static IResourceBuilder<ProjectResource> LogSignInWhenReady(this IResourceBuilder<ProjectResource> admin) =>
        admin.OnResourceReady(async (resource, ready, cancellation) => Log(ready.Services).LogInformation(
            "The admin site is ready.\n\n      - Sign in:        {Address}\n      - Email:          {Email}\n"
            + "      - Password:       the parameter admin-password, on the dashboard or by 'dotnet user-secrets list --project AppHost'\n",
            await resource.GetEndpoint("http").GetValueAsync(cancellation),
            await Parameter(admin, "admin-email").GetValueAsync(cancellation)));

    /// <summary>Prints the reason on the AppHost's console when the worker fails, since nothing else starts then.</summary>
    public static IResourceBuilder<ProjectResource> LogFailure(this IResourceBuilder<ProjectResource> worker) =>
        worker.OnResourceStopped(async (resource, stopped, _) =>
        {
            if (stopped.ResourceEvent.Snapshot.ExitCode is null or 0)
            {
                return;
            }

            Log(stopped.Services).LogError(
                "{Resource} failed with exit code {ExitCode}: {Reason}",
                resource.Name,
                stopped.ResourceEvent.Snapshot.ExitCode,
                await LastErrorAsync(stopped.Services.GetRequiredService<ResourceLoggerService>(), stopped.ResourceEvent.ResourceId));
        });

    /// <summary>The last line of standard error, which may arrive a moment after the process has ended.</summary>
    private static async Task<string> LastErrorAsync(ResourceLoggerService logs, string resourceId)
    {
        var last = "its log tells no reason";
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await foreach (var lines in logs.WatchAsync(resourceId).WithCancellation(late.Token))
            {
                // Each line begins with its time.
                last = lines.Where(line => line.IsErrorMessage)
                    .Select(line => line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..])
                    .LastOrDefault(last);
            }
        }
        catch (OperationCanceledException)
        {
            // The log of a resource that can be started again has no end.
        }

        return last;
    }

    private static ParameterResource Parameter(IResourceBuilder<ProjectResource> resource, string name) =>
        resource.ApplicationBuilder.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == name);

    private static ILogger Log(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Extensions).Namespace!);
}
