using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Movies;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Movies;

/// <summary>Each sort order has an index in which a page starts; docs/performance.md has the costs with many movies.</summary>
public sealed class MoviePlanTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("title", "a", "ix_movies_sort_title_id")]
    [InlineData("-title", "a", "ix_movies_sort_title_id")]
    [InlineData("-releaseDate", "2000-01-01", "ix_movies_release_date_id")]
    [InlineData("-rating", "6.5", "ix_movie_stats_score_movie_id")]
    [InlineData("-popularity", "10", "ix_movie_stats_rating_count_movie_id")]
    public async Task Page_starts_at_its_cursor_in_the_index(string sort, string key, string index)
    {
        var plan = await PlanAsync(new MovieFilter { Sort = sort }, new Cursor(key, 5));

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.Contains("Index Cond: (ROW(", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort Key", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_uses_both_indexes()
    {
        var plan = await PlanOfSearchAsync("shawshenk");

        Assert.Contains("Bitmap Index Scan on ix_movies_search_vector", plan, StringComparison.Ordinal);
        Assert.Contains("Bitmap Index Scan on ix_movies_sort_title_trigrams", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_compares_spelling_only_where_words_leave_a_page_unfilled()
    {
        for (var i = 1; i < PageQuery.DefaultLimit; i++)
        {
            await api.AddMovieAsync($"Frequently {i}");
        }

        Assert.Contains("ix_movies_sort_title_trigrams", await PlanOfSearchAsync("frequently"), StringComparison.Ordinal);

        await api.AddMovieAsync("Frequently again");

        Assert.DoesNotContain("trigrams", await PlanOfSearchAsync("frequently"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_uses_indexes_even_where_the_planner_prefers_a_sequential_scan()
    {
        using var client = api.CreateClient();
        var tableScans = 0L;

        // Sessions report statistics at most once a second, and only while they are used.
        await Eventually.SucceedsAsync(async () =>
        {
            await client.GetJsonAsync("/api/v1/movies?search=shawshenk&includeTotal=true");
            var scans = await api.ScalarAsync<long[]>(
                $"SELECT ARRAY[sum(idx_scan), sum(seq_scan)]::bigint[] FROM pg_stat_user_tables WHERE relname IN ('movies', 'movie_stats')");
            Assert.NotEqual([0, 0], scans);
            tableScans = scans![1];
        });

        Assert.Equal(0, tableScans);
    }

    private async Task<string> PlanOfSearchAsync(string text)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MovieDbContext>();
        var search = new MovieSearch(text);
        await db.InTransactionAsync(
            async token =>
            {
                await search.PrepareAsync(db, isBounded: true, token);
                return true;
            },
            CancellationToken.None);
        return await api.PlanAsync(
            db.MovieRows().Where(search.Condition).Select(row => row.Movie.Id),
            "SET enable_seqscan = off; SET enable_indexscan = off; SET enable_indexonlyscan = off");
    }

    private async Task<string> PlanAsync(MovieFilter filter, Cursor after)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await api.PlanAsync(
            scope.ServiceProvider.GetRequiredService<MovieDbContext>().CreateList(filter, null).Page(after, 20),
            "SET enable_seqscan = off; SET enable_sort = off; SET enable_hashjoin = off; SET enable_mergejoin = off");
    }
}
