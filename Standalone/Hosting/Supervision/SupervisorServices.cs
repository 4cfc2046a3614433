using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>What the running side of every resource needs.</summary>
internal sealed record SupervisorServices(
    IDistributedApplicationBuilder Builder,
    ResourceNotificationService Notifications,
    ResourceLoggerService Loggers,
    Dependencies Dependencies,
    HealthMonitor Health,
    ProcessGuard Guard,
    DashboardConnection Dashboard,
    HostMode Mode,
    IServiceProvider Provider);

/// <summary>What kind of run this is.</summary>
/// <param name="ThrowAway">A test: data, secrets and ports are its own and end with it.</param>
internal sealed record HostMode(bool ThrowAway)
{
    /// <summary>How long a resource may take to end when it is asked to. All of them together must end within 5 s, a test's within 2 s.</summary>
    public TimeSpan Grace => ThrowAway ? TimeSpan.FromSeconds(0.8) : TimeSpan.FromSeconds(2);
}
