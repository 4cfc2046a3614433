using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>Stand-in for the builder of OpenTelemetry.Extensions.Hosting: the SDK's own extensions do the work.</summary>
public sealed class OpenTelemetryBuilder : IOpenTelemetryBuilder
{
    internal OpenTelemetryBuilder(IServiceCollection services) => Services = services;

    public IServiceCollection Services { get; }

    /// <summary>Adds to what describes the service in all signals.</summary>
    public OpenTelemetryBuilder ConfigureResource(Action<ResourceBuilder> configure) =>
        Returning(OpenTelemetryBuilderSdkExtensions.ConfigureResource(this, configure));

    /// <summary>Sends logs to OpenTelemetry, too.</summary>
    public OpenTelemetryBuilder WithLogging() => Returning(OpenTelemetryBuilderSdkExtensions.WithLogging(this));

    /// <inheritdoc cref="WithLogging()"/>
    public OpenTelemetryBuilder WithLogging(Action<LoggerProviderBuilder> configure) =>
        Returning(OpenTelemetryBuilderSdkExtensions.WithLogging(this, configure));

    /// <inheritdoc cref="WithLogging()"/>
    public OpenTelemetryBuilder WithLogging(
        Action<LoggerProviderBuilder>? configureBuilder, Action<OpenTelemetryLoggerOptions>? configureOptions) =>
        Returning(OpenTelemetryBuilderSdkExtensions.WithLogging(this, configureBuilder, configureOptions));

    /// <summary>Collects metrics.</summary>
    public OpenTelemetryBuilder WithMetrics() => Returning(OpenTelemetryBuilderSdkExtensions.WithMetrics(this));

    /// <inheritdoc cref="WithMetrics()"/>
    public OpenTelemetryBuilder WithMetrics(Action<MeterProviderBuilder> configure) =>
        Returning(OpenTelemetryBuilderSdkExtensions.WithMetrics(this, configure));

    /// <summary>Collects traces.</summary>
    public OpenTelemetryBuilder WithTracing() => Returning(OpenTelemetryBuilderSdkExtensions.WithTracing(this));

    /// <inheritdoc cref="WithTracing()"/>
    public OpenTelemetryBuilder WithTracing(Action<TracerProviderBuilder> configure) =>
        Returning(OpenTelemetryBuilderSdkExtensions.WithTracing(this, configure));

    private OpenTelemetryBuilder Returning(IOpenTelemetryBuilder _) => this;
}
