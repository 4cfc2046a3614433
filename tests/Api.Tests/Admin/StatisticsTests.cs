using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Admin;

/// <summary>Each test has a database of its own, since the statistics are of everything.</summary>
public sealed class StatisticsTests : IAsyncLifetime, IDisposable
{
    private const string Path = "/api/v1/admin/statistics";
    private readonly Recording _api = new();

    public Task InitializeAsync() => _api.InitializeAsync();

    public Task DisposeAsync() => ((IAsyncLifetime)_api).DisposeAsync();

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Statistics_tell_how_much_there_is_and_what_was_added_lately()
    {
        var admin = await _api.AddSignedInUserAsync(Roles.Admin);
        await _api.ExecuteAsync($"UPDATE users SET display_name = 'Ann', created_at = now() - interval '40 days' WHERE id = {admin.Id}");
        var (heat, alien) = (await _api.AddMovieAsync("Heat"), await _api.AddMovieAsync("Alien"));
        await _api.RateAsync(heat, 1, 10, 10);
        await _api.RateAsync(alien, 10);
        var (first, second) = (await _api.AddUserAsync("first"), await _api.AddUserAsync("second"));
        var midnight = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero);
        foreach (var (user, at) in new[] { (first, midnight.AddDays(-29)), (second, midnight.AddDays(-29).AddMicroseconds(-1)) })
        {
            await _api.ExecuteAsync($"UPDATE users SET created_at = {at} WHERE id = {user}");
            await _api.ExecuteAsync($"INSERT INTO ratings (user_id, movie_id, value, created_at) VALUES ({user}, {heat}, 5, {at})");
        }

        await _api.ExecuteAsync($"INSERT INTO favorites (user_id, movie_id) VALUES ({first}, {heat})");
        await _api.ExecuteAsync($"INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers) VALUES ({heat}, {first}, 'T', 'B', false)");
        await _api.ExecuteAsync($"INSERT INTO review_reports (review_id, user_id, reason) SELECT id, {second}, 'spam' FROM reviews");
        await _api.ExecuteAsync($"INSERT INTO review_reports (review_id, user_id, reason, resolved_at) SELECT id, {admin.Id}, 'spam', now() FROM reviews");
        foreach (var lines in new[] { """{"title":"Heat","releaseDate":"2000-01-01"}""", "x" })
        {
            using var imported = await admin.Client.SendAsync("POST", "/api/v1/movies/import", lines, "application/x-ndjson");
        }

        var statistics = await admin.Client.GetJsonAsync(Path);

        Assert.Equal(2, statistics.GetProperty("movies").GetInt32());
        Assert.Equal(7, statistics.GetProperty("users").GetInt32());
        Assert.Equal(6, statistics.GetProperty("ratings").GetInt32());
        Assert.Equal(1, statistics.GetProperty("reviews").GetInt32());
        Assert.Equal(1, statistics.GetProperty("favorites").GetInt32());
        Assert.Equal(1, statistics.GetProperty("openReports").GetInt32());
        Assert.Equal([1, 0, 0, 0, 2, 0, 0, 0, 0, 3], statistics.GetProperty("ratingHistogram").EnumerateArray().Select(count => count.GetInt32()));
        var days = statistics.GetProperty("days").EnumerateArray().ToList();
        Assert.Equal(
            Enumerable.Range(-29, 30).Select(day => $"{DateOnly.FromDateTime(midnight.AddDays(day).Date):O}"),
            days.Select(day => day.GetProperty("date").GetString()));
        Assert.Equal([1, .. new int[28], 4], days.Select(day => day.GetProperty("ratings").GetInt32()));
        Assert.Equal([1, .. new int[28], 4], days.Select(day => day.GetProperty("newUsers").GetInt32()));
        Assert.Empty(statistics.GetProperty("latestRatedDays").EnumerateArray());
        var imports = statistics.GetProperty("imports").EnumerateArray().ToList();
        Assert.Equal([1, 0], imports.Select(import => import.GetProperty("rejected").GetInt32()));
        Assert.Equal([0, 1], imports.Select(import => import.GetProperty("unchanged").GetInt32()));
        Assert.All(imports, import => Assert.Equal(
            (admin.Id, "Ann"), (import.GetProperty("actorId").GetInt64(), import.GetProperty("actorName").GetString())));
    }

    [Fact]
    public async Task Catalog_that_nobody_rated_lately_shows_the_days_up_to_its_latest_rating()
    {
        var moderator = await _api.AddSignedInUserAsync(Roles.Moderator);
        var heat = await _api.AddMovieAsync("Heat");
        var (first, second) = (await _api.AddUserAsync("first"), await _api.AddUserAsync("second"));
        await _api.ExecuteAsync(
            $"""
            INSERT INTO ratings (user_id, movie_id, value, created_at)
            VALUES ({first}, {heat}, 5, '2024-02-29 23:59:59.999999Z'), ({second}, {heat}, 6, '2024-01-31 00:00Z')
            """);

        var statistics = await moderator.Client.GetJsonAsync(Path);

        var days = statistics.GetProperty("latestRatedDays").EnumerateArray().ToList();
        Assert.Equal(("2024-01-31", "2024-02-29"), (days[0].GetProperty("date").GetString(), days[^1].GetProperty("date").GetString()));
        Assert.Equal([1, .. new int[28], 1], days.Select(day => day.GetProperty("ratings").GetInt32()));
        Assert.All(statistics.GetProperty("days").EnumerateArray(), day => Assert.Equal(0, day.GetProperty("ratings").GetInt32()));
    }

    [Fact]
    public async Task Empty_database_has_statistics_of_nothing()
    {
        var moderator = await _api.AddSignedInUserAsync(Roles.Moderator);

        var statistics = await moderator.Client.GetJsonAsync(Path);

        Assert.Equal((0, 0, 1), (Count("movies"), Count("ratings"), Count("users")));
        Assert.Empty(statistics.GetProperty("latestRatedDays").EnumerateArray());
        Assert.All(statistics.GetProperty("ratingHistogram").EnumerateArray(), count => Assert.Equal(0, count.GetInt32()));
        int Count(string name) => statistics.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Many_who_look_at_once_cost_one_reading()
    {
        var moderator = await _api.AddSignedInUserAsync(Roles.Moderator);
        _api.HoldReadingUntil(asked: 20);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => moderator.Client.GetJsonAsync(Path))));

        Assert.Single(answers.Select(answer => answer.GetProperty("asOf").GetString()).Distinct());
        Assert.Single(_api.Commands, command => command.Contains("FROM movie_stats", StringComparison.Ordinal));
        Assert.Single(_api.Commands, command => command.Contains("ratings", StringComparison.Ordinal) && command.Contains("GROUP BY", StringComparison.Ordinal));
    }

    private sealed class Recording : ApiFixture
    {
        private readonly Recorder _recorder = new();
        private readonly TaskCompletionSource _allHaveAsked = new();
        private int _awaited;

        public IEnumerable<string> Commands => _recorder.Commands;

        /// <summary>
        /// Holds the statistics' first query until that many requests wait for them: a request that found nothing in the cache, but only
        /// comes to wait when another's reading has ended, makes one of its own.
        /// </summary>
        public void HoldReadingUntil(int asked)
        {
            _awaited = asked;
            _recorder.Held = _allHaveAsked.Task;
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services =>
            {
                services.ConfigureDbContext<MovieDbContext>(options => options.AddInterceptors(_recorder));
                services.AddSingleton(provider => new StatisticsCache(
                    new CountedCache(provider.GetRequiredService<HybridCache>(), OnAsked),
                    provider.GetRequiredService<IServiceScopeFactory>()));
            });
        }

        private void OnAsked()
        {
            if (Interlocked.Decrement(ref _awaited) == 0)
            {
                _allHaveAsked.SetResult();
            }
        }
    }

    /// <summary>Tells of each question once it waits for the answer.</summary>
    private sealed class CountedCache(HybridCache cache, Action onAsked) : HybridCache
    {
        public override ValueTask<T> GetOrCreateAsync<TState, T>(
            string key,
            TState state,
            Func<TState, CancellationToken, ValueTask<T>> factory,
            HybridCacheEntryOptions? options = null,
            IEnumerable<string>? tags = null,
            CancellationToken cancellationToken = default)
        {
            var answer = cache.GetOrCreateAsync(key, state, factory, options, tags, cancellationToken);
            onAsked();
            return answer;
        }

        public override ValueTask SetAsync<T>(
            string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
            cache.SetAsync(key, value, options, tags, cancellationToken);

        public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => cache.RemoveAsync(key, cancellationToken);

        public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) =>
            cache.RemoveByTagAsync(tag, cancellationToken);
    }

    private sealed class Recorder : DbCommandInterceptor
    {
        public ConcurrentQueue<string> Commands { get; } = new();

        public Task Held { get; set; } = Task.CompletedTask;

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            Commands.Enqueue(command.CommandText);
            if (command.CommandText.Contains("FROM movie_stats", StringComparison.Ordinal))
            {
                await Held.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            }

            return result;
        }
    }
}
