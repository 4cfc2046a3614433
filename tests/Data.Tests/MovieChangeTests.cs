using System.Collections.Concurrent;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Data.Tests;

/// <summary>movie_changes, from which clients keep a copy of the catalog up to date.</summary>
public sealed class MovieChangeTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private int _reads;

    public async Task InitializeAsync() => _database = await TestDatabase.AtSchemaAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Each_change_of_a_movie_has_a_higher_number()
    {
        var id = await AddMovieAsync();
        var created = await NumberAsync(id);
        await ExecuteAsync("UPDATE movies SET director = 'Somebody' WHERE id = $1", id);
        var updated = await NumberAsync(id);
        await ExecuteAsync("WITH g AS (INSERT INTO genres (name) VALUES ('Changed') RETURNING id) "
            + "INSERT INTO movie_genres (genre_id, movie_id) SELECT id, $1 FROM g", id);
        var genre = await NumberAsync(id);
        await ExecuteAsync("DELETE FROM movies WHERE id = $1", id);
        var deleted = await NumberAsync(id);

        Assert.True(created < updated && updated < genre && genre < deleted, $"{created}, {updated}, {genre}, {deleted}");
        Assert.Equal(created, await ScalarAsync<long>("SELECT created_number FROM movie_changes WHERE movie_id = $1", id));
        Assert.True(await IsDeletedAsync(id));
    }

    [Fact]
    public async Task Ratings_are_no_change_of_the_movie()
    {
        var id = await AddMovieAsync();
        var created = await NumberAsync(id);
        await ExecuteAsync(
            "INSERT INTO ratings (user_id, movie_id, value) VALUES ($1, $2, 5)", await Rows.AddUserAsync(_database.ConnectionString), id);
        Assert.Equal(created, await NumberAsync(id));
    }

    [Fact]
    public async Task Truncated_movies_are_deleted_ones()
    {
        var id = await AddMovieAsync();
        var created = await NumberAsync(id);
        await ExecuteAsync("TRUNCATE movies CASCADE");
        Assert.True(await NumberAsync(id) > created);
        Assert.True(await IsDeletedAsync(id));
    }

    [Fact]
    public async Task Movie_that_comes_back_under_its_id_is_a_new_one()
    {
        var id = await AddMovieAsync();
        await ExecuteAsync("DELETE FROM movies WHERE id = $1", id);
        var deleted = await NumberAsync(id);
        await ExecuteAsync("INSERT INTO movies (id, title, release_date) VALUES ($1, 'Back', '2001-01-01')", id);
        Assert.True(await ScalarAsync<long>("SELECT created_number FROM movie_changes WHERE movie_id = $1", id) > deleted);
        Assert.False(await IsDeletedAsync(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SAVEPOINT s; INSERT INTO movies (title, release_date) VALUES ('Taken back', '2000-01-01'); ROLLBACK TO s;")]
    public async Task Numbers_are_not_settled_while_a_lower_one_may_still_appear(string before)
    {
        await using var connection = await OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync(before + "INSERT INTO movies (title, release_date) VALUES ('Late', '2000-01-01')");
            var id = await AddMovieAsync();
            Assert.True(await SettledAsync() < await NumberAsync(id) - 1, "the number of the open transaction counts as settled");
            await transaction.CommitAsync();
            Assert.True(await SettledAsync() >= await NumberAsync(id));
        }
    }

    [Fact]
    public async Task Truncation_that_is_not_committed_is_not_settled()
    {
        var id = await AddMovieAsync();
        var created = await NumberAsync(id);
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("TRUNCATE movies CASCADE");
        Assert.Equal(created, await SettledAsync());
    }

    [Fact]
    public async Task Reader_misses_nothing_of_what_many_write_at_once()
    {
        var seen = new Dictionary<long, bool>();
        var ids = new ConcurrentBag<long>();
        var position = 0L;
        var writers = Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(() => WriteAsync(new Random(writer), ids))));
        while (!writers.IsCompleted)
        {
            position = await ReadAsync(position, seen);
            Interlocked.Increment(ref _reads);
        }

        await writers;
        await ReadAsync(position, seen);
        Assert.Equal(ids.Count, seen.Count);
        var deleted = await ScalarAsync<long[]>("SELECT array_agg(movie_id ORDER BY movie_id) FROM movie_changes WHERE is_deleted");
        Assert.Equal(deleted, seen.Where(movie => movie.Value).Select(movie => movie.Key).Order());
        Assert.True(deleted!.Length > 0 && deleted.Length < ids.Count);
    }

    // Transactions of several statements, of which some commit after others were read and some are rolled back.
    private async Task WriteAsync(Random random, ConcurrentBag<long> ids)
    {
        await using var connection = await OpenAsync();
        for (var i = 0; i < 60; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var id = await connection.ScalarAsync<long>(
                "INSERT INTO movies (title, release_date) VALUES (gen_random_uuid()::text, '2000-01-01') RETURNING id");
            await connection.ExecuteAsync(
                random.Next(3) switch
                {
                    0 => "DELETE FROM movies WHERE id = $1",
                    1 => "UPDATE movies SET director = 'Again' WHERE id = $1",
                    _ => "SELECT count(*) FROM movies WHERE id <> $1",
                },
                id);
            if (random.Next(8) == 0)
            {
                var reads = Volatile.Read(ref _reads);
                await Eventually.HoldsAsync(() => Volatile.Read(ref _reads) > reads + 1, "the reader has read on");
            }

            if (random.Next(4) > 0)
            {
                await transaction.CommitAsync();
                ids.Add(id);
            }
        }
    }

    private async Task<long> ReadAsync(long position, Dictionary<long, bool> seen)
    {
        var settled = await SettledAsync();
        await using var connection = await OpenAsync();
        await using var read = new NpgsqlCommand(
            "SELECT movie_id, is_deleted FROM movie_changes WHERE number > $1 AND number <= $2 ORDER BY number", connection);
        read.Parameters.Add(new() { Value = position });
        read.Parameters.Add(new() { Value = settled });
        await using var rows = await read.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            seen[rows.GetInt64(0)] = rows.GetBoolean(1);
        }

        return Math.Max(position, settled);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private Task<long> AddMovieAsync() => Rows.AddMovieAsync(_database.ConnectionString);

    private Task<long> NumberAsync(long id) => ScalarAsync<long>("SELECT number FROM movie_changes WHERE movie_id = $1", id);

    private Task<bool> IsDeletedAsync(long id) => ScalarAsync<bool>("SELECT is_deleted FROM movie_changes WHERE movie_id = $1", id);

    private Task<long> SettledAsync() => ScalarAsync<long>("SELECT settled_movie_changes()");

    private Task<T?> ScalarAsync<T>(string sql, params object[] parameters) => Sql.ScalarAsync<T>(_database.ConnectionString, sql, parameters);

    private Task ExecuteAsync(string sql, params object[] parameters) => Sql.ExecuteAsync(_database.ConnectionString, sql, parameters);
}
