using Microsoft.Extensions.Hosting;
using MovieAspire.Standalone.Components;
using OpenTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stand-in for the extension of the package OpenTelemetry.Extensions.Hosting.</summary>
public static class OpenTelemetryServicesExtensions
{
    /// <summary>Adds OpenTelemetry, which starts before every other hosted service and ends with the service provider.</summary>
    /// <remarks>Calling it again continues the same set-up.</remarks>
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!services.Any(service => service.ImplementationType == typeof(TelemetryStarter)))
        {
            // First, so that what the other services do at their start is seen.
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryStarter>());
        }

        return new OpenTelemetryBuilder(services);
    }
}
