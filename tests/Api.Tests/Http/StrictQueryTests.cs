using System.Net;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Http;

public sealed class StrictQueryTests(StrictQueryTests.Fixture api) : IClassFixture<StrictQueryTests.Fixture>
{
    private readonly HttpClient _client = api.CreateClient();

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("limit=%20%205", "limit")]
    [InlineData("limit=%2B5", "limit")]
    [InlineData("limit=05", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=5&limit=6", "limit")]
    [InlineData("Limit=5", "Limit")]
    [InlineData("page=2", "page")]
    [InlineData("page", "page")]
    [InlineData("page=2&offset=3", "page,offset")]
    [InlineData("page=2&limit=0&sort=x&year=y&minRating=11&search=&imdbId=1", "page,limit,sort,year,minRating,search,imdbId")]
    [InlineData("sort=director", "sort")]
    [InlineData("sort=%2Btitle", "sort")]
    [InlineData("sort=", "sort")]
    [InlineData("year=1887", "year")]
    [InlineData("year=2101", "year")]
    [InlineData("releasedFrom=1/2/2003", "releasedFrom")]
    [InlineData("releasedFrom=2003-02-30", "releasedFrom")]
    [InlineData("releasedTo=20030201", "releasedTo")]
    [InlineData("releasedFrom=2003-02-02&releasedTo=2003-02-01", "releasedTo")]
    [InlineData("minRating=0.9", "minRating")]
    [InlineData("minRating=10.1", "minRating")]
    [InlineData("minRating=NaN", "minRating")]
    [InlineData("minRating=%2B8", "minRating")]
    [InlineData("minRating=08", "minRating")]
    [InlineData("minRating=8.", "minRating")]
    [InlineData("minRating=1e1", "minRating")]
    [InlineData("minRating=1,5", "minRating")]
    [InlineData("minRatings=-1", "minRatings")]
    [InlineData("updatedSince=yesterday", "updatedSince")]
    [InlineData("updatedSince=2026-01-01", "updatedSince")]
    [InlineData("updatedSince=2026-01-01T00:00:00", "updatedSince")]
    [InlineData("includeTotal=yes", "includeTotal")]
    [InlineData("includeTotal=True", "includeTotal")]
    [InlineData("genre=%00", "genre")]
    [InlineData("cursor=%00", "cursor")]
    [InlineData("cursor=", "cursor")]
    public async Task Invalid_parameter_is_400_that_names_it(string query, string blamed)
    {
        using var response = await _client.GetAsync($"/api/v1/movies?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(blamed.Split(','), (await response.ReadJsonAsync()).Blamed());
    }

    [Theory]
    [InlineData("limit=1", "High")]
    [InlineData("limit=100", "High,Low x")]
    [InlineData("updatedSince=2026-01-01T00:00:00Z", "High")]
    [InlineData("updatedSince=2026-01-01t00:00:00.000000000z", "High")]
    [InlineData("updatedSince=2026-01-01T00:00:00.123456%2B02:00", "High")]
    [InlineData("updatedSince=2026-01-01T00:00:00.123455%2B02:00", "High,Low x")]
    [InlineData("minRating=1", "High,Low x")]
    [InlineData("minRating=10.0", "High")]
    [InlineData("genre=%F0%9F%8E%AC", "High")]
    [InlineData("genre=%D7%A9%D7%9C%D7%95%D7%9D", "Low x")]
    [InlineData("genre=%ED%A0%80", "")]
    [InlineData("search=%F0%9F%8E%ACx", "Low x")]
    public async Task Parameter_at_the_edge_of_its_range_selects_movies(string query, string expected)
    {
        var page = await _client.GetJsonAsync($"/api/v1/movies?sort=title&{query}");

        Assert.Equal(expected, string.Join(',', page.Items("title")));
    }

    [Theory]
    [InlineData("01")]
    [InlineData("%2B1")]
    [InlineData("1.0")]
    [InlineData("-1")]
    [InlineData("9223372036854775808")]
    public async Task Another_spelling_of_an_id_is_another_address(string id)
    {
        foreach (var path in new[] { $"movies/{id}", $"movies/{id}/reviews" })
        {
            using var response = await _client.GetAsync($"/api/v1/{path}");
            await response.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Fact]
    public async Task Operation_without_parameters_refuses_all()
    {
        using var response = await _client.GetAsync("/api/v1/genres?limit=5");

        Assert.Equal(["limit"], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    /// <summary>Two movies: one at the upper edge of the parameters above, one at the lower.</summary>
    public sealed class Fixture : ApiFixture
    {
        protected override async Task SeedAsync()
        {
            var (high, low) = (await this.AddMovieAsync("High", null, "🎬"), await this.AddMovieAsync("Low x", null, "שלום"));
            await this.RateAsync(high, 10);
            await this.RateAsync(low, 1);
            await ExecuteAsync($"ALTER TABLE movies DISABLE TRIGGER USER");
            await ExecuteAsync($"UPDATE movies SET updated_at = '2026-01-01T00:00:00Z' WHERE id = {high}");
            await ExecuteAsync($"UPDATE movies SET updated_at = '2025-12-31T22:00:00.123455Z' WHERE id = {low}");
            await ExecuteAsync($"ALTER TABLE movies ENABLE TRIGGER USER");
        }
    }
}
