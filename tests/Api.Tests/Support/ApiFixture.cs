using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Database;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Support;

/// <summary>The API on a database of its own, for one test class.</summary>
public class ApiFixture : WebApplicationFactory<Program>, IAsyncLifetime
{
    private TestDatabase? _database;

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _database = await ApiDatabase.CreateAsync();
        ConnectionString = _database.ConnectionString;
        // The host is made by the first who asks; tests that ask from many threads at once would make many.
        StartServer();
        await SeedAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await base.DisposeAsync();
        await DropDatabaseAsync();
    }

    public ValueTask DropDatabaseAsync() => _database!.DisposeAsync();

    /// <summary>The API again, on the same database.</summary>
    public ApiFixture Replica() => new() { ConnectionString = ConnectionString };

    /// <summary>Runs SQL on the database, past the API.</summary>
    public async Task ExecuteAsync(FormattableString sql) => await ScalarAsync<object>(sql);

    /// <summary>The first value that SQL gives, past the API.</summary>
    public async Task<T?> ScalarAsync<T>(FormattableString sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqlBuilder(sql).ToCommand(connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    protected virtual Task SeedAsync() => Task.CompletedTask;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:moviedb", ConnectionString);
        builder.UseEnvironment("Testing");
        // Settings do not change under a test, and watching them takes handles that a machine has few of.
        builder.UseSetting("hostBuilder:reloadConfigOnChange", "false");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        // A test sends more in a minute than anonymous may.
        foreach (var operations in new[] { "Reads", "Writes", "Accounts" })
        {
            builder.UseSetting($"RateLimits:{operations}", "1000000");
        }

        // As many rounds as production takes would be most of a test run's time.
        builder.ConfigureTestServices(services => services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000));
    }
}
