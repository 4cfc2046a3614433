using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Puts the host together.</summary>
internal static class StandaloneServices
{
    public static void AddStandaloneHost(this IServiceCollection services, IDistributedApplicationBuilder builder, DistributedApplicationOptions options, bool throwAway)
    {
        services.AddSingleton(builder);
        services.AddSingleton(options);
        services.AddSingleton(builder.Eventing);
        services.AddSingleton(builder.ExecutionContext);
        services.AddSingleton(new DistributedApplicationModel(builder.Resources));
        services.AddSingleton(new HostMode(throwAway));
        services.AddSingleton<ResourceLoggerService>();
        services.AddSingleton(p => new ResourceNotificationService(p.GetRequiredService<ResourceLoggerService>()));
        services.AddSingleton(p => new ResourceCommandService(
            p.GetRequiredService<ResourceNotificationService>(), p.GetRequiredService<ResourceLoggerService>(), p));
        services.AddHealthChecks();

        services.AddSingleton(ConsoleWriter.Standard());
        services.AddSingleton<ConsoleReport>();
        services.AddSingleton<StartFailure>();
        services.AddSingleton<ProcessGuard>();
        services.AddSingleton<DashboardResources>();
        services.AddSingleton<DashboardConnection>();
        services.AddSingleton<Dependencies>();
        services.AddSingleton<HealthMonitor>();
        services.AddSingleton<SupervisorServices>();
        services.AddSingleton<RunnableFactory>();
        services.AddSingleton<Publisher>();
        services.AddHostedService<Orchestrator>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
    }
}
