using Microsoft.EntityFrameworkCore;
using MovieAspire.Testing;

namespace MovieAspire.Data.Tests;

/// <summary>An empty database of one test class, at the schema of the migrations.</summary>
public sealed class MovieDatabase : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public string ConnectionString => _database.ConnectionString;

    public async Task InitializeAsync() => _database = await TestDatabase.AtSchemaAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public MovieDbContext CreateContext() => new(new DbContextOptionsBuilder<MovieDbContext>().UseNpgsql(ConnectionString).Options);

    public Task<T?> ScalarAsync<T>(string sql, params object[] parameters) => Sql.ScalarAsync<T>(ConnectionString, sql, parameters);

    public Task ExecuteAsync(string sql, params object[] parameters) => Sql.ExecuteAsync(ConnectionString, sql, parameters);

    /// <inheritdoc cref="Rows.AddMovieAsync"/>
    public Task<long> AddMovieAsync(string? title = null) => Rows.AddMovieAsync(ConnectionString, title);

    /// <inheritdoc cref="Rows.AddUserAsync"/>
    public Task<long> AddUserAsync() => Rows.AddUserAsync(ConnectionString);

    /// <inheritdoc cref="Rows.AddReviewAsync"/>
    public Task<long> AddReviewAsync(long movie, long user) => Rows.AddReviewAsync(ConnectionString, movie, user);
}
