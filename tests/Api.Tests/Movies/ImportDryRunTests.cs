using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Movies;

public sealed class ImportDryRunTests(ImportDryRunTests.Fixture api) : IClassFixture<ImportDryRunTests.Fixture>
{
    private const string Import = "/api/v1/movies/import";
    private const string DryRun = Import + "?dryRun=true";
    private const string Ndjson = "application/x-ndjson";
    private static readonly string[] Counts = ["created", "updated", "unchanged", "rejected"];

    [Fact]
    public async Task Dry_run_reports_what_the_import_then_does_and_writes_nothing()
    {
        await ImportAsync(Import, RandomMovies(new Random(101), 150));
        var movies = RandomMovies(new Random(1), 600);
        var before = await FingerprintAsync();

        var tried = await ImportAsync(DryRun, movies);
        var unchanged = await FingerprintAsync();
        var done = await ImportAsync(Import, movies);

        Assert.Equal(before, unchanged);
        Assert.All([.. Counts, "rejections"], member => Assert.Equal(done.GetProperty(member).GetRawText(), tried.GetProperty(member).GetRawText()));
        Assert.All(Counts, count => Assert.NotEqual(0, done.GetProperty(count).GetInt32()));
        Assert.Contains(done.GetProperty("rejections").EnumerateArray(), rejection => rejection.GetProperty("field").GetString() == "imdbId");
        Assert.NotEqual(before, await FingerprintAsync());
    }

    [Fact]
    public async Task Lines_meet_earlier_ones_of_other_batches()
    {
        var id = $"{Guid.NewGuid():N}";
        var (freed, given) = (Random.Shared.Next(1, int.MaxValue), Random.Shared.Next(1, int.MaxValue));
        await ImportAsync(Import, $$"""{"title":"Owner {{id}}","releaseDate":"2001-01-01","tmdbId":{{freed}}}""");
        var filling = Enumerable.Range(0, 600).Select(n => $$"""{"title":"{{n}} {{id}}","releaseDate":"2001-01-01"}""").ToList();
        string[] lines =
        [
            $$"""{"title":"New {{id}}","releaseDate":"2001-01-01","genres":["{{id[..20]}}"]}""",
            $$"""{"title":"Holder {{id}}","releaseDate":"2001-01-01","tmdbId":{{given}}}""",
            $$"""{"title":"Owner {{id}}","releaseDate":"2001-01-01"}""",
            .. filling,
            $$"""{"title":"New {{id}}","releaseDate":"2001-01-01","genres":["{{id[..20].ToUpperInvariant()}}"]}""",
            $$"""{"title":"New {{id}}","releaseDate":"2001-01-01"}""",
            $$"""{"title":"Taker {{id}}","releaseDate":"2001-01-01","tmdbId":{{freed}}}""",
            $$"""{"title":"Thief {{id}}","releaseDate":"2001-01-01","tmdbId":{{given}}}""",
            .. filling,
        ];

        var report = await ImportAsync(DryRun, string.Join('\n', lines));

        Assert.Equal([603, 2, 601, 1], Counts.Select(count => report.GetProperty(count).GetInt32()));
        var rejection = Assert.Single(report.GetProperty("rejections").EnumerateArray());
        Assert.Equal(3 + 600 + 4, rejection.GetProperty("line").GetInt32());
        Assert.Equal("tmdbId", rejection.GetProperty("field").GetString());
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE {$"% {id}"} AND title NOT LIKE 'Owner%'"));
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM genres WHERE name = {id[..20]}"));
    }

    [Fact]
    public async Task Dry_run_shows_the_first_movies_that_would_be_new_and_that_would_change_with_what_would_change()
    {
        var id = $"{Guid.NewGuid():N}";
        var existing = Enumerable.Range(0, 52).Select(n => $$"""{"title":"Old {{n:00}} {{id}}","releaseDate":"2001-01-01","budget":7,"genres":["Drama","Crime"]}""");
        await ImportAsync(Import, string.Join('\n', existing));
        string[] lines =
        [
            $$"""{"title":"Old 00 {{id}}","releaseDate":"2001-01-01","budget":7,"genres":["crime","Drama"]}""",
            $$"""{"title":"Old 01 {{id}}","releaseDate":"2001-01-01","budget":7,"director":"Ann","genres":["Drama","Noir"]}""",
            // More than two batches.
            .. Enumerable.Range(0, 600).Select(n => $$"""{"title":"New {{n:000}} {{id}}","releaseDate":"2002-02-02"}"""),
            $$"""{"title":"New 000 {{id}}","releaseDate":"2002-02-02","runtimeMinutes":90}""",
            .. Enumerable.Range(2, 50).Select(n => $$"""{"title":"Old {{n:00}} {{id}}","releaseDate":"2001-01-01","genres":["Drama","Crime"]}"""),
        ];

        var report = await ImportAsync(DryRun, string.Join('\n', lines));

        var preview = report.GetProperty("preview");
        var updated = preview.GetProperty("updated").EnumerateArray().ToArray();
        Assert.Equal([600, 52], Counts[..2].Select(count => report.GetProperty(count).GetInt32()));
        Assert.Equal(
            Enumerable.Range(0, 50).Select(n => $$"""{"title":"New {{n:000}} {{id}}","releaseDate":"2002-02-02"}"""),
            preview.GetProperty("created").EnumerateArray().Select(movie => movie.GetRawText()));
        Assert.Equal(
            [$"Old 01 {id}", .. Enumerable.Range(2, 49).Select(n => $"Old {n:00} {id}")],
            updated.Select(movie => movie.GetProperty("title").GetString()));
        Assert.Equal(
            [
                """{"director":null,"genres":["Crime","Drama"]} {"director":"Ann","genres":["Drama","Noir"]}""",
                """{"budget":7} {"budget":null}""",
            ],
            updated.Take(2).Select(movie => $"{movie.GetProperty("before").GetRawText()} {movie.GetProperty("after").GetRawText()}"));
        Assert.Equal(JsonValueKind.Null, (await ImportAsync(Import, lines[0])).GetProperty("preview").ValueKind);
    }

    [Fact]
    public async Task Preview_has_no_movie_that_would_be_rejected()
    {
        var (id, taken) = (Guid.NewGuid(), Random.Shared.Next(1, int.MaxValue));
        await ImportAsync(Import, $$"""{"title":"Holder {{id}}","releaseDate":"2001-01-01","tmdbId":{{taken}}}""");

        var report = await ImportAsync(
            DryRun,
            $$"""
            {"title":"Before {{id}}","releaseDate":"2001-01-01"}
            {"title":"Thief {{id}}","releaseDate":"2001-01-01","tmdbId":{{taken}}}
            {"title":"After {{id}}","releaseDate":"2001-01-01"}
            """);

        Assert.Equal(
            [$"Before {id}", $"After {id}"],
            report.GetProperty("preview").GetProperty("created").EnumerateArray().Select(movie => movie.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Movie_of_the_same_year_is_rejected_where_that_is_asked_for()
    {
        var id = Guid.NewGuid();
        await ImportAsync(
            Import,
            $$"""
            {"title":"Other day {{id}}","releaseDate":"1999-03-31","budget":7}
            {"title":"Same day {{id}}","releaseDate":"1999-01-01"}
            {"title":"Other year {{id}}","releaseDate":"1998-12-31"}
            {"title":"Two days {{id}}","releaseDate":"1999-01-01"}
            {"title":"Two days {{id}}","releaseDate":"1999-06-01"}
            """);
        // The last line meets one of the file; the lines between them are more than a batch.
        var movies = string.Join('\n', (string[])[
            $$"""{"title":"Other day {{id}}","releaseDate":"1999-01-01"}""",
            $$"""{"title":"Same day {{id}}","releaseDate":"1999-01-01","budget":8}""",
            $$"""{"title":"Other year {{id}}","releaseDate":"1999-01-01"}""",
            $$"""{"title":"Two days {{id}}","releaseDate":"1999-01-01","budget":8}""",
            .. Enumerable.Range(0, 300).Select(n => $$"""{"title":"Many {{n}} {{id}}","releaseDate":"1999-01-01"}"""),
            $$"""{"title":"Many 0 {{id}}","releaseDate":"1999-05-05"}"""]);

        var tried = await ImportAsync(DryRun + "&rejectSameYear=true", movies);
        var done = await ImportAsync(Import + "?rejectSameYear=true", movies);

        Assert.All([.. Counts, "rejections"], member => Assert.Equal(done.GetProperty(member).GetRawText(), tried.GetProperty(member).GetRawText()));
        Assert.Equal([301, 2, 0, 2], Counts.Select(count => done.GetProperty(count).GetInt32()));
        var rejections = done.GetProperty("rejections").EnumerateArray().ToArray();
        Assert.Equal(
            """{"line":1,"field":"releaseDate","reason":"The catalog has this title with another day of that year: 1999-03-31."}""",
            rejections[0].GetRawText());
        Assert.Equal(305, rejections[1].GetProperty("line").GetInt32());
        Assert.Equal(7, await api.ScalarAsync<long>($"SELECT budget FROM movies WHERE title = {$"Other day {id}"}"));
        // As ever where it is not asked for.
        Assert.Equal(2, (await ImportAsync(DryRun, movies)).GetProperty("created").GetInt32());
    }

    [Theory]
    [InlineData("application/json", null)]
    [InlineData(Ndjson, "gzip")]
    public async Task Every_format_can_be_tried(string type, string? encoding)
    {
        var id = Guid.NewGuid();
        var movie = $$"""{"title":"Film {{id}}","releaseDate":"2001-01-01"}""";
        using var content = new ByteArrayContent(Encode(type == Ndjson ? $"{movie}\n{{}}" : $"[{movie},{{}}]", encoding));
        content.Headers.ContentType = new(type);
        content.Headers.ContentEncoding.Add(encoding ?? "identity");

        using var response = await api.Admin.PostAsync(DryRun, content);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var report = await response.ReadJsonAsync();
        Assert.Equal((1, 1), (report.GetProperty("created").GetInt32(), report.GetProperty("rejected").GetInt32()));
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE {$"%{id}"}"));
    }

    [Fact]
    public async Task Damaged_body_is_400_that_claims_nothing_was_imported()
    {
        using var content = new ByteArrayContent(Encode($$"""{"title":"{{Guid.NewGuid()}}","releaseDate":"2001-01-01"}""", "gzip")[..^9]);
        content.Headers.ContentType = new(Ndjson);
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await api.Admin.PostAsync(DryRun, content);

        var problem = await response.ReadProblemAsync(HttpStatusCode.BadRequest, "malformed_body");
        Assert.False(problem.TryGetProperty("imported", out _));
    }

    /// <summary>Whoever writes does not wait for a dry run, however long it takes, nor it for them.</summary>
    [Fact]
    public async Task Dry_run_runs_beside_writers_of_the_same_movies()
    {
        var title = $"Film {Guid.NewGuid()}";
        var movie = await api.AddMovieAsync(title);
        await using var writer = new NpgsqlConnection(api.ConnectionString);
        await writer.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await writer.ExecuteAsync("LOCK TABLE genres IN SHARE ROW EXCLUSIVE MODE");
        await writer.ExecuteAsync("UPDATE movies SET runtime_minutes = 90 WHERE id = $1", movie);

        var report = await ImportAsync(DryRun, $$"""{"title":"{{title}}","releaseDate":"2000-01-01","runtimeMinutes":90}""").WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(1, report.GetProperty("updated").GetInt32());
    }

    [Fact]
    public async Task Only_admins_try_an_import()
    {
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;

        using var response = await moderator.SendAsync("POST", DryRun, "[]");

        await response.ReadProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    /// <summary>Movies of few titles and ids, so that many lines meet others, the same ones included.</summary>
    private static string RandomMovies(Random random, int count)
    {
        string Line()
        {
            var (title, runtime) = (random.Next(150), random.Next(1, 4));
            string?[] members =
            [
                $"\"title\":\"Film {title}\",\"releaseDate\":\"2001-01-0{random.Next(1, 4)}\",\"runtimeMinutes\":{runtime}",
                random.Next(8) == 0 ? $"\"imdbId\":\"tt{random.Next(60):0000000}\"" : null,
                random.Next(8) == 0 ? $"\"tmdbId\":{random.Next(1, 60)}" : null,
                random.Next(2) == 0 ? $"\"imdbRating\":{random.Next(1, 10)}.{random.Next(2) * 5}" : null,
                random.Next(2) == 0 ? $"\"genres\":[\"{(random.Next(2) == 0 ? "Genre" : "GENRE")} {random.Next(8)}\"]" : null,
                random.Next(50) == 0 ? "\"unknown\":1" : null,
            ];
            return $"{{{string.Join(',', members.Where(member => member is not null))}}}";
        }

        return string.Join('\n', Enumerable.Range(0, count).Select(_ => Line()));
    }

    private static byte[] Encode(string text, string? encoding)
    {
        using var encoded = new MemoryStream();
        using (Stream encoder = encoding is null ? encoded : new GZipStream(encoded, CompressionLevel.Fastest, leaveOpen: true))
        {
            encoder.Write(Encoding.UTF8.GetBytes(text));
        }

        return encoded.ToArray();
    }

    /// <summary>Of everything that an import writes.</summary>
    private async Task<string?> FingerprintAsync() => await api.ScalarAsync<string>(
        $"""
        SELECT concat_ws(' ',
            (SELECT md5(string_agg(movies::text, '' ORDER BY id)) FROM movies),
            (SELECT md5(string_agg(genres::text, '' ORDER BY id)) FROM genres),
            (SELECT md5(string_agg(movie_genres::text, '' ORDER BY movie_id, genre_id)) FROM movie_genres),
            (SELECT md5(string_agg(movie_changes::text, '' ORDER BY number)) FROM movie_changes),
            (SELECT count(*) FROM audit_entries), (SELECT count(*) FROM movie_stats))
        """);

    private async Task<JsonElement> ImportAsync(string path, string movies)
    {
        using var response = await api.Admin.SendAsync("POST", path, movies, Ndjson);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.ReadJsonAsync();
    }

    public sealed class Fixture : ApiFixture
    {
        public HttpClient Admin { get; private set; } = null!;

        protected override async Task SeedAsync() => Admin = this.CreateClient(await this.AddUserAsync("admin"), Roles.Admin);
    }
}
