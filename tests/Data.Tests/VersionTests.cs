using Microsoft.EntityFrameworkCore;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Tests;

public sealed class VersionTests(MovieDatabase database) : IClassFixture<MovieDatabase>
{
    [Fact]
    public async Task Change_of_a_movie_or_its_genres_increments_its_version_once()
    {
        await using var context = database.CreateContext();
        var movie = new Movie { Title = "Versions", ReleaseDate = new(2000, 1, 1) };
        context.Add(movie);
        await context.SaveChangesAsync();
        Assert.Equal(1, movie.Version);

        movie.Director = "Somebody";
        movie.Genres.Add(new Genre { Name = "Versioned" });
        await context.SaveChangesAsync();
        Assert.Equal(2, movie.Version);
        Assert.Equal(2, await StoredVersionAsync(movie.Id));
        Assert.True(movie.UpdatedAt > movie.CreatedAt, "the time of the change is not later than that of the insert");

        movie.Genres.Clear();
        await context.SaveChangesAsync();
        Assert.Equal(3, await StoredVersionAsync(movie.Id));
    }

    [Fact]
    public async Task Stale_update_throws_a_concurrency_exception()
    {
        var id = await database.AddMovieAsync();
        await using var first = database.CreateContext();
        await using var second = database.CreateContext();
        (await first.Movies.SingleAsync(movie => movie.Id == id)).Director = "First";
        (await second.Movies.SingleAsync(movie => movie.Id == id)).Director = "Second";
        await first.SaveChangesAsync();
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => second.SaveChangesAsync());
    }

    [Fact]
    public async Task Ratings_and_helpful_votes_leave_the_version_as_it_is()
    {
        var (movie, user) = (await database.AddMovieAsync(), await database.AddUserAsync());
        var review = await database.AddReviewAsync(movie, await database.AddUserAsync());
        await database.ExecuteAsync("INSERT INTO ratings (user_id, movie_id, value) VALUES ($1, $2, 5)", user, movie);
        await database.ExecuteAsync("INSERT INTO review_votes (review_id, user_id) VALUES ($1, $2)", review, user);
        Assert.Equal(1, await StoredVersionAsync(movie));
        Assert.Equal(1, await database.ScalarAsync<int>("SELECT version FROM reviews WHERE id = $1", review));
    }

    private async Task<int> StoredVersionAsync(long movie) =>
        await database.ScalarAsync<int>("SELECT version FROM movies WHERE id = $1", movie);
}
