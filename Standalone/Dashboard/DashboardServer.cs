using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MovieAspire.Standalone.Dashboard.Api;
using MovieAspire.Standalone.Dashboard.Assets;
using MovieAspire.Standalone.Dashboard.Live;
using MovieAspire.Standalone.Dashboard.Otlp;
using MovieAspire.Standalone.Dashboard.Pages;
using MovieAspire.Standalone.Dashboard.Pages.Shared;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Security;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard;

/// <summary>The dashboard: pages, an HTTP API and OTLP endpoints on loopback, inside the process that starts it.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardServer(WebApplication app, DashboardOptions options)
    {
        _app = app;
        LoginUrl = new Uri(options.FrontendUrl, $"/login?t={Uri.EscapeDataString(options.LoginToken)}");
        Options = options;
    }

    /// <summary>The options, with the ports that were picked.</summary>
    public DashboardOptions Options { get; }

    /// <summary>The address that logs a browser in.</summary>
    public Uri LoginUrl { get; }

    /// <summary>The telemetry that came in.</summary>
    public TelemetryStore Telemetry => _app.Services.GetRequiredService<TelemetryStore>();

    /// <summary>Starts the dashboard; it is up when this returns.</summary>
    /// <exception cref="ArgumentException">An address is not one of loopback.</exception>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<DashboardServer> StartAsync(
        DashboardOptions options, IResourceSource resources, CancellationToken cancellationToken = default)
    {
        // The empty builder reads no configuration: ASPNETCORE_URLS and the like are meant for the process around it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(options.LoggerFactory);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(resources);
        builder.Services.AddSingleton(new TelemetryStore(options.Limits));
        builder.Services.AddSingleton<ResourceChanges>();
        builder.Services.AddSingleton<PageRenderer>();
        builder.Services.AddSingleton<ResourceColors>();
        builder.Services.AddSingleton<Access>();
        builder.Services.AddSingleton(services => new OtlpReceiver(options.OtlpApiKey, services.GetRequiredService<TelemetryStore>()));
        var app = builder.Build();

        app.UseHostCheck();
        app.MapWhen(Listener.IsOtlp, otlp => otlp.Run(otlp.ApplicationServices.GetRequiredService<OtlpReceiver>().HandleAsync));
        app.UseSecurityHeaders();
        app.UseAccess();
        app.UseRouting();
        app.MapAssets();
        app.MapLogin();
        app.MapPages();
        app.MapCommands();
        app.MapApi();
        await ListenAsync(app, options, cancellationToken);
        return new DashboardServer(app, WithPorts(options, app));
    }

    /// <summary>Stops it and ends the connections to it.</summary>
    public async ValueTask DisposeAsync()
    {
        // Streams end when they are told to stop; nobody waits for a browser that does not close its connection.
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private static async Task ListenAsync(WebApplication app, DashboardOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            await app.DisposeAsync();
            throw new IOException(
                $"The dashboard cannot listen on {options.FrontendUrl}. Another AppHost may be running: stop it, or give another address in ASPNETCORE_URLS. ({exception.Message})",
                exception);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, DashboardOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBody.MaxLength;
        kestrel.Listen(options.FrontendUrl, HttpProtocols.Http1);
        kestrel.Listen(options.OtlpGrpcUrl, HttpProtocols.Http2, isOtlp: true);
        kestrel.Listen(options.OtlpHttpUrl, HttpProtocols.Http1, isOtlp: true);
    }

    private static DashboardOptions WithPorts(DashboardOptions options, WebApplication app)
    {
        var ports = app.Urls.Select(url => new Uri(url).Port).ToArray();
        return options with
        {
            FrontendUrl = new UriBuilder(options.FrontendUrl) { Port = ports[0] }.Uri,
            OtlpGrpcUrl = new UriBuilder(options.OtlpGrpcUrl) { Port = ports[1] }.Uri,
            OtlpHttpUrl = new UriBuilder(options.OtlpHttpUrl) { Port = ports[2] }.Uri,
        };
    }
}
