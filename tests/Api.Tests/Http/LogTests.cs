using System.Collections.Concurrent;
using System.Net;
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
        using var renamed = await admin.SendAsync("PUT", path, """{"title":"Taken","releaseDate":"2000-01-01"}""", ifMatch: "*");

        Assert.All(registrations, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await renamed.ReadProblemAsync(HttpStatusCode.Conflict, "movie_exists");
        Assert.Empty(api.Errors);
    }

    /// <summary>The API with a log of which the errors are kept.</summary>
    public sealed class Fixture : ApiFixture, ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _errors = new();

        public IReadOnlyCollection<string> Errors => _errors;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                _errors.Enqueue($"{eventId}: {formatter(state, exception)}");
            }
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureLogging(logging => logging.AddProvider(this));
        }
    }
}
