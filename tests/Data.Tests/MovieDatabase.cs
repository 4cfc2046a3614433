using Microsoft.EntityFrameworkCore;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Data.Tests;

/// <summary>An empty database of one test class, at the schema of the migrations.</summary>
public sealed class MovieDatabase : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public string ConnectionString => _database.ConnectionString;

    public async Task InitializeAsync() => _database = await TestDatabase.CloneAsync("schema", async connectionString =>
    {
        await using var context = CreateContext(connectionString);
        await context.Database.MigrateAsync();
    });

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public MovieDbContext CreateContext() => CreateContext(ConnectionString);

    /// <summary>Runs SQL with positional parameters ($1, …) and gives the first column of the first row.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>Runs SQL with positional parameters ($1, …).</summary>
    public Task ExecuteAsync(string sql, params object[] parameters) => ScalarAsync<object>(sql, parameters);

    /// <summary>Inserts a film that no other test has, and gives its id.</summary>
    public async Task<long> AddMovieAsync(string? title = null) =>
        await ScalarAsync<long>("INSERT INTO movies (title, release_date) VALUES ($1, '2000-01-01') RETURNING id", title ?? Guid.NewGuid().ToString());

    /// <summary>Inserts a person whom no other test has, and gives the id.</summary>
    public async Task<long> AddUserAsync() =>
        await ScalarAsync<long>(
            """
            INSERT INTO users (display_name, user_name, normalized_user_name, email_confirmed, phone_number_confirmed,
                two_factor_enabled, lockout_enabled, access_failed_count)
            VALUES ('somebody', $1, $1, false, false, false, false, 0) RETURNING id
            """,
            Guid.NewGuid().ToString());

    /// <summary>Inserts a review and gives its id.</summary>
    public async Task<long> AddReviewAsync(long movie, long user) =>
        await ScalarAsync<long>("INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers) VALUES ($1, $2, 'title', 'body', false) RETURNING id", movie, user);

    private static MovieDbContext CreateContext(string connectionString) =>
        new(new DbContextOptionsBuilder<MovieDbContext>().UseNpgsql(connectionString).Options);
}
