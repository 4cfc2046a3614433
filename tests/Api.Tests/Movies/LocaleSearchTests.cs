using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Movies;

/// <summary>Search in a database whose locale knows no letters beyond ASCII.</summary>
public sealed class LocaleSearchTests(LocaleSearchTests.ApiInLocaleC api) : IClassFixture<LocaleSearchTests.ApiInLocaleC>
{
    [Theory]
    [InlineData("Сталкер", "сталкер")]
    [InlineData("Зеркало", "ЗЕРК")]
    [InlineData("ÉLÉGANCE", "élégance")]
    [InlineData("Ουρανός", "ουρανος")]
    [InlineData("千と千尋の神隠し", "神隠し")]
    public async Task Case_does_not_count(string title, string search)
    {
        await api.ExecuteAsync($"INSERT INTO movies (title, release_date) VALUES ({title}, '2000-01-01')");
        var found = await api.CreateClient().GetJsonAsync($"/api/v1/movies?search={Uri.EscapeDataString(search)}");
        Assert.Equal([title], found.GetProperty("items").EnumerateArray().Select(movie => movie.GetProperty("title").GetString()));
    }

    public sealed class ApiInLocaleC : ApiFixture, IAsyncLifetime
    {
        private readonly string _name = $"test_{Guid.NewGuid():N}";

        async Task IAsyncLifetime.InitializeAsync()
        {
            await PostgresServer.ExecuteAsync($"CREATE DATABASE {_name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
            ConnectionString = new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Database = _name }.ConnectionString;
            await TestDatabase.MigrateAsync(ConnectionString);
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            await DisposeAsync();
            await PostgresServer.ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
        }
    }
}
