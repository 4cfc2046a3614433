using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Caching;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Testing.Api;

/// <summary>The API on its own database, for one test class.</summary>
public class ApiFixture : WebApplicationFactory<Program>, IAsyncLifetime
{
    private TestDatabase? _database;

    /// <summary>The superuser's connection string. The API itself connects as <see cref="ApplicationRole"/>.</summary>
    public string ConnectionString { get; set; } = "";

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.AtSchemaAsync();
        ConnectionString = _database.ConnectionString;
        // The first use creates the host; concurrent first uses would create several.
        StartServer();
        await SeedAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await base.DisposeAsync();
        await DropDatabaseAsync();
    }

    public ValueTask DropDatabaseAsync() => _database!.DisposeAsync();

    /// <summary>A second instance of the API on the same database.</summary>
    public ApiFixture Replica() => new() { ConnectionString = ConnectionString };

    /// <summary>Runs SQL directly on the database.</summary>
    public async Task ExecuteAsync(FormattableString sql) => await ScalarAsync<object>(sql);

    /// <summary>Runs a query directly on the database and returns the first value.</summary>
    public async Task<T?> ScalarAsync<T>(FormattableString sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        var values = sql.GetArguments();
        var result = await connection.ScalarAsync<T>(
            string.Format(CultureInfo.InvariantCulture, sql.Format, [.. values.Select((_, index) => $"${index + 1}")]), values);
        // The API's cache notices changes within a second (Caching/). Tests need not wait.
        Services.GetRequiredService<CacheVersions>().EvictAll();
        return result;
    }

    protected virtual Task SeedAsync() => Task.CompletedTask;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // Linux lets this buffer grow to 32 MB, where a whole export fits in.
        builder.UseSetting(
            "ConnectionStrings:moviedb", $"{ApplicationRole.Connect(ConnectionString)};Socket Receive Buffer Size=65536");
        builder.UseEnvironment("Testing");
        // Settings do not change during a test, and file watchers are a limited resource.
        builder.UseSetting("hostBuilder:reloadConfigOnChange", "false");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        // Tests send more requests than the limits allow.
        foreach (var operations in new[] { "Reads", "Writes", "Accounts", "Emails", "Concurrent", "Bulk" })
        {
            builder.UseSetting($"RateLimits:{operations}", "1000000");
        }

        builder.ConfigureTestServices(services => services
            // With production's iterations, hashing would dominate the test run.
            .Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000)
            // Warnings of EF Core fail the test.
            .ConfigureDbContext<MovieDbContext>(options => options.ConfigureWarnings(warnings => warnings.Default(WarningBehavior.Throw))));
    }
}
