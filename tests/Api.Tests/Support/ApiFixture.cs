using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Support;

/// <summary>The API on a database of its own, for one test class.</summary>
public class ApiFixture : WebApplicationFactory<Program>, IAsyncLifetime
{
    private TestDatabase? _database;

    public string ConnectionString => _database!.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await ApiDatabase.CreateAsync();
        await SeedAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await base.DisposeAsync();
        await _database!.DisposeAsync();
    }

    public ValueTask DropDatabaseAsync() => _database!.DisposeAsync();

    /// <summary>Runs SQL on the database, past the API.</summary>
    public async Task ExecuteAsync(FormattableString sql) => await ScalarAsync<object>(sql);

    /// <summary>The first value that SQL gives, past the API.</summary>
    public async Task<T?> ScalarAsync<T>(FormattableString sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new Sql.SqlStatement(sql).ToCommand(connection);
        return (T?)await command.ExecuteScalarAsync();
    }

    protected virtual Task SeedAsync() => Task.CompletedTask;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:moviedb", ConnectionString);
        builder.UseEnvironment("Testing");
    }
}
