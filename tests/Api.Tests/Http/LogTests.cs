using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using MovieAspire.Api.Tests.Identity;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Http;

public sealed class LogTests(LogTests.Fixture api) : IClassFixture<LogTests.Fixture>
{
    [Fact]
    public async Task Races_that_clients_cause_are_no_errors_in_the_log()
    {
        using var client = api.CreateClient();
        using var admin = api.CreateClient(await api.AddUserAsync("admin"), Roles.Admin);
        var email = AccountClient.NewAddress();
        var path = $"/api/v1/movies/{await api.AddMovieAsync("Renamed")}";
        await api.AddMovieAsync("Taken");

        var registrations = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => client.RegisterAsync(email)));
        using var first = await admin.SendAsync("POST", "/api/v1/movies", """{"title":"Holder","releaseDate":"2000-01-01","tmdbId":7}""");
        using var imported = await admin.SendAsync(
            "POST", "/api/v1/movies/import", """[{"title":"Line","releaseDate":"2000-01-01","tmdbId":7}]""");
        using var renamed = await admin.SendAsync("PUT", path, """{"title":"Taken","releaseDate":"2000-01-01"}""", ifMatch: "*");

        Assert.All(registrations, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await renamed.ReadProblemAsync(HttpStatusCode.Conflict, "movie_exists");
        Assert.Equal(1, (await imported.ReadJsonAsync()).GetProperty("rejected").GetInt32());
        Assert.Empty(api.Errors);
    }

    [Theory]
    [InlineData("application/x-ndjson", """{"title":"Line","releaseDate":"2001-02-03"}""")]
    [InlineData("application/json", """[{"title":"Element","releaseDate":"2001-02-03"}]""")]
    public async Task Import_leaves_no_error_and_the_connection_open(string type, string body)
    {
        await using var site = new OnAPort { ConnectionString = api.ConnectionString };
        using var plain = site.CreateClient(await site.AddUserAsync($"admin-{Guid.NewGuid():N}"), Roles.Admin);
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, token) =>
            {
                connections++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = plain.BaseAddress };
        client.DefaultRequestHeaders.Authorization = plain.DefaultRequestHeaders.Authorization;

        for (var i = 0; i < 3; i++)
        {
            using var response = await client.SendAsync("POST", "/api/v1/movies/import", body, type);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.ReadJsonAsync();
        }

        Assert.Equal(1, connections);
        Assert.Empty(site.Errors);
    }

    public sealed class OnAPort : Fixture
    {
        public OnAPort() => UseKestrel(0);
    }

    /// <summary>The API with a log of which the errors and warnings are kept.</summary>
    public class Fixture : ApiFixture, ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

        public IReadOnlyCollection<string> Errors => TextsAt(level => level >= LogLevel.Error);

        public IReadOnlyCollection<string> Warnings => TextsAt(level => level == LogLevel.Warning);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                _entries.Enqueue((logLevel, $"{eventId}: {formatter(state, exception)}"));
            }
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureLogging(logging => logging.AddProvider(this));
        }

        private string[] TextsAt(Func<LogLevel, bool> levels) => [.. _entries.Where(entry => levels(entry.Level)).Select(entry => entry.Text)];
    }
}
