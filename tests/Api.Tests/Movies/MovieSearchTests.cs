using System.Net;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Movies;

public sealed class MovieSearchTests(MovieSearchTests.Catalog api) : IClassFixture<MovieSearchTests.Catalog>
{
    private readonly HttpClient _client = api.CreateClient();

    [Theory]
    [InlineData("shawshank", "The Shawshank Redemption")]
    [InlineData("shawshenk", "The Shawshank Redemption")]
    [InlineData("shawshank redemtion", "The Shawshank Redemption")]
    [InlineData("redem shaw", "The Shawshank Redemption")]
    [InlineData("amelie", "Amélie")]
    [InlineData("AMÉLIE", "Amélie")]
    [InlineData("Ame\u0301lie", "Amélie")]
    [InlineData("amelei", "Amélie")]
    [InlineData("matirx", "The Matrix Reloaded")]
    [InlineData("teh matrix", "The Matrix Reloaded")]
    [InlineData("god", "The Godfather")]
    [InlineData("coppola", "The Godfather")]
    [InlineData("spider-man", "Spider-Man")]
    [InlineData("wall·e", "WALL·E")]
    [InlineData("300", "300")]
    [InlineData("ŉ 300", "300")]
    [InlineData("'300' & !():* <-> |", "300")]
    public async Task Best_match_ranks_first(string search, string expected)
    {
        var page = await _client.GetJsonAsync($"/api/v1/movies?search={Uri.EscapeDataString(search)}");

        Assert.Equal(expected, page.Items("title").FirstOrDefault());
    }

    [Theory]
    [InlineData("S.W.A.T.")]
    [InlineData("New York, New York")]
    [InlineData("new york, new york")]
    [InlineData("8½")]
    [InlineData("$")]
    [InlineData("???")]
    public async Task Movie_is_found_first_by_its_own_title(string title)
    {
        var page = await _client.GetJsonAsync($"/api/v1/movies?search={Uri.EscapeDataString(title)}");

        Assert.Equal(title, page.Items("title")[0], ignoreCase: true);
    }

    [Theory]
    [InlineData("千と千尋")]
    [InlineData("神隠し")]
    [InlineData("千尋の神")]
    public async Task Part_of_a_title_without_spaces_is_found(string part)
    {
        var page = await _client.GetJsonAsync($"/api/v1/movies?search={Uri.EscapeDataString(part)}");

        Assert.Equal(["千と千尋の神隠し"], page.Items("title"));
    }

    [Fact]
    public async Task Exact_title_ranks_first_and_among_equals_the_more_popular()
    {
        var page = await _client.GetJsonAsync("/api/v1/movies?search=alien");

        Assert.Equal(["Alien", "Alien Resurrection", "Alien Nation"], page.Items("title"));
    }

    [Fact]
    public async Task Rank_is_title_words_then_prefixes_then_director_then_similarity()
    {
        var page = await _client.GetJsonAsync("/api/v1/movies?search=wonder");

        Assert.Equal(["Wonder Wheel", "Wonderstruck", "Blue", "Wander"], page.Items("title"));
    }

    [Fact]
    public async Task Search_can_be_sorted_and_filtered()
    {
        var page = await _client.GetJsonAsync("/api/v1/movies?search=alien&sort=-releaseDate&releasedTo=1990-01-01");

        Assert.Equal(["Alien Nation", "Alien"], page.Items("title"));
    }

    [Fact]
    public async Task Search_without_a_match_is_empty() =>
        Assert.Empty((await _client.GetJsonAsync("/api/v1/movies?search=xyzzyplugh")).Items("title"));

    [Theory]
    [InlineData("search=%20%09", "search")]
    [InlineData("search=", "search")]
    [InlineData("search=%00a", "search")]
    [InlineData("sort=-relevance", "sort")]
    public async Task Blank_search_is_400(string query, string blamed)
    {
        using var response = await _client.GetAsync($"/api/v1/movies?{query}");

        Assert.Equal([blamed], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    public sealed class Catalog : ApiFixture
    {
        protected override async Task SeedAsync()
        {
            string[] titles =
            [
                "The Shawshank Redemption", "Amélie", "Spider-Man", "WALL·E", "300", "Heat", "Seven", "Wander", "Wonderstruck",
                "Wonder Wheel", "The Matrix Reloaded", "S.W.A.T.", "S Was a Tango", "8½", "8 Mile", "$", "???", "千と千尋の神隠し",
                "New York, New York",
            ];
            foreach (var title in titles)
            {
                await this.AddMovieAsync(title);
            }

            await this.RateAsync(await this.AddMovieAsync("Gangs of New York"), [.. Enumerable.Repeat(6, 30)]);
            await AddDirectedAsync("The Godfather", "Francis Ford Coppola");
            await AddDirectedAsync("Blue", "Stevie Wonder");
            await this.AddMovieAsync("Alien", new(1979, 5, 25));
            await this.AddMovieAsync("Alien Nation", new(1988, 10, 7));
            await this.RateAsync(await this.AddMovieAsync("Alien Resurrection", new(1997, 11, 26)), [.. Enumerable.Repeat(6, 30)]);
        }

        private async Task AddDirectedAsync(string title, string director)
        {
            var id = await this.AddMovieAsync(title);
            await this.ExecuteAsync($"UPDATE movies SET director = {director} WHERE id = {id}");
        }
    }
}
