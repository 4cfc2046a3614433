using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace MovieAspire.Api.Tests.Emails;

/// <summary>The API with a mail server, and its log.</summary>
internal sealed class SendingApi : ApiFixture, ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _log = new();
    private readonly string _server;

    public SendingApi(string connectionString, string server) => (ConnectionString, _server) = (connectionString, server);

    public SendingApi(string connectionString, MailServer server)
        : this(connectionString, $"smtp://127.0.0.1:{server.Port}")
    {
    }

    public IReadOnlyCollection<(LogLevel Level, string Text)> LogRecords => _log;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Enqueue((logLevel, $"{formatter(state, exception)}\n{exception}"));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("ConnectionStrings:smtp", _server);
        builder.UseSetting("Email:From", "Movies <movies@example.org>");
        builder.UseSetting("Email:PublicUrl", "https://movies.example.org/site/");
        builder.UseSetting("Logging:LogLevel:Default", "Information");
        builder.ConfigureLogging(logging => logging.AddProvider(this));
    }
}
