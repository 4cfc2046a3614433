namespace MovieAspire.Data.Tests;

public sealed class SearchTests(MovieDatabase database) : IClassFixture<MovieDatabase>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        foreach (var title in new[] { "Amélie", "The Shawshank Redemption", "Ringu", "Léon" })
        {
            await database.ExecuteAsync("INSERT INTO movies (title, release_date) VALUES ($1, '2000-01-01') ON CONFLICT DO NOTHING", title);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("amelie", "Amélie")]
    [InlineData("AMÉLIE", "Amélie")]
    [InlineData("shawsh:*", "The Shawshank Redemption")]
    [InlineData("the & redemption", "The Shawshank Redemption")]
    public async Task Search_ignores_case_and_accents(string query, string title) =>
        Assert.Equal(title, await database.ScalarAsync<string>(
            "SELECT title FROM movies WHERE search_vector @@ to_tsquery('simple', immutable_unaccent($1))", query));

    [Fact]
    public async Task Sort_title_ignores_case_and_accents() =>
        Assert.Equal("Amélie,Léon,Ringu,The Shawshank Redemption", await database.ScalarAsync<string>(
            "SELECT string_agg(title, ',' ORDER BY sort_title) FROM movies"));
}
