using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MovieAspire.AppHost.Tests;

/// <summary>The whole application, started as <c>dotnet run</c> does, with data and ports of its own.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(10));
    private readonly ConsoleRecorder _console = new();
    private IDistributedApplicationTestingBuilder? _builder;

    private TestApplication()
    {
    }

    public DistributedApplication Application { get; private set; } = null!;

    /// <summary>What the AppHost has printed so far.</summary>
    public string Console => string.Join('\n', _console.Lines);

    /// <summary>Ends a wait for something that does not come.</summary>
    public CancellationToken Deadline => _deadline.Token;

    /// <summary>Starts the AppHost.</summary>
    /// <param name="postgres">How PostgreSQL runs: <c>container</c> or <c>process</c>.</param>
    /// <param name="dashboard">Whether the dashboard runs, too.</param>
    /// <param name="configure">What differs in the worker from an ordinary start.</param>
    public static async Task<TestApplication> StartAsync(
        string postgres, bool dashboard = false, Action<IResourceBuilder<ProjectResource>>? configure = null)
    {
        var test = new TestApplication();
        var options = new DistributedApplicationTestingBuilderOptions { EnableDashboard = dashboard };
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            options, [$"--Postgres={postgres}"], test.Deadline);
        test._builder = builder;
        builder.Services.AddLogging(logging => logging.AddProvider(test._console));
        if (!dashboard)
        {
            // Nobody listens, and what ends would wait for somebody who does.
            foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
            {
                builder.CreateResourceBuilder(project).WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "");
            }
        }

        configure?.Invoke(builder.CreateResourceBuilder<ProjectResource>("migrations"));
        test.Application = await builder.BuildAsync(test.Deadline);
        await test.Application.StartAsync(test.Deadline);
        return test;
    }

    public Task<ResourceEvent> BecomesHealthyAsync(string resource) =>
        Application.ResourceNotifications.WaitForResourceHealthyAsync(resource, Deadline);

    /// <summary>The value of a parameter, such as a generated password.</summary>
    public async Task<string> ParameterAsync(string name) =>
        await Application.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .OfType<ParameterResource>().Single(parameter => parameter.Name == name).GetValueAsync(Deadline) ?? "";

    /// <summary>The exit code of a resource that has ended; null while it runs.</summary>
    public int? ExitCode(string resource) =>
        Application.ResourceNotifications.TryGetCurrentState(resource, out var state) ? state.Snapshot.ExitCode : null;

    /// <summary>Carries out a command as the dashboard and the Aspire CLI do.</summary>
    public Task<ExecuteCommandResult> CommandAsync(string name, params IReadOnlyList<InteractionInput> arguments) =>
        Application.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync("moviedb", name, new InteractionInputCollection(arguments), Deadline);

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        await _builder!.DisposeAsync();
        _deadline.Dispose();
    }

    private sealed class ConsoleRecorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
