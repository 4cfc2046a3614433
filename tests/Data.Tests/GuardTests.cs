using Npgsql;

namespace MovieAspire.Data.Tests;

/// <summary>What the database itself rejects, whichever client writes.</summary>
public sealed class GuardTests(MovieDatabase database) : IClassFixture<MovieDatabase>
{
    [Theory]
    [InlineData("INSERT INTO movies (title, release_date) VALUES (E' \\t\\n', '2000-01-01')", "ck_movies_title_not_blank")]
    [InlineData("INSERT INTO movies (title, release_date) VALUES ('Early', '1887-12-31')", "ck_movies_release_date")]
    [InlineData("INSERT INTO movies (title, release_date, runtime_minutes) VALUES ('Short', '2000-01-01', 0)", "ck_movies_runtime_minutes")]
    [InlineData("INSERT INTO movies (title, release_date, mpaa_rating) VALUES ('X', '2000-01-01', 'X')", "ck_movies_mpaa_rating")]
    [InlineData("INSERT INTO movies (title, release_date, budget) VALUES ('Gain', '2000-01-01', -1)", "ck_movies_money")]
    [InlineData(
        "INSERT INTO movies (title, release_date) VALUES ('Twice', '2000-01-01'), ('Twice', '2000-01-01')",
        "ix_movies_title_release_date")]
    [InlineData("INSERT INTO genres (name) VALUES ('Drama'), ('DRAMA')", "ix_genres_name")]
    [InlineData("INSERT INTO genres (name) VALUES (' ')", "ck_genres_name_not_blank")]
    [InlineData("INSERT INTO ratings (user_id, movie_id, value) VALUES (-1, -1, 0)", "ck_ratings_value")]
    [InlineData("INSERT INTO ratings (user_id, movie_id, value) VALUES (-1, -1, 11)", "ck_ratings_value")]
    [InlineData("INSERT INTO favorites (user_id, movie_id) VALUES (-1, -1)", "fk_favorites_movies_movie_id")]
    public async Task Invalid_row_is_rejected(string sql, string constraint)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(sql));
        Assert.Equal(constraint, refused.ConstraintName);
    }

    [Fact]
    public async Task Author_cannot_vote_on_the_own_review()
    {
        var user = await database.AddUserAsync();
        var review = await database.AddReviewAsync(await database.AddMovieAsync(), user);
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => database.ExecuteAsync("INSERT INTO review_votes (review_id, user_id) VALUES ($1, $2)", review, user));
        Assert.Equal("ck_review_votes_not_own", refused.ConstraintName);
    }

    [Fact]
    public async Task Second_review_of_a_movie_by_one_user_is_rejected()
    {
        var (movie, user) = (await database.AddMovieAsync(), await database.AddUserAsync());
        await database.AddReviewAsync(movie, user);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.AddReviewAsync(movie, user));
        Assert.Equal("ix_reviews_user_id_movie_id", refused.ConstraintName);
    }

    [Fact]
    public async Task Genre_of_a_movie_cannot_be_deleted()
    {
        var genre = await database.ScalarAsync<long>("INSERT INTO genres (name) VALUES ('Kept') RETURNING id");
        await database.ExecuteAsync("INSERT INTO movie_genres VALUES ($1, $2)", await database.AddMovieAsync(), genre);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync("DELETE FROM genres WHERE id = $1", genre));
        Assert.Equal("fk_movie_genres_genres_genre_id", refused.ConstraintName);
    }
}
