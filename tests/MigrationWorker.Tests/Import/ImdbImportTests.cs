using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Tests.Import;

public sealed class ImdbImportTests : IAsyncLifetime
{
    private const string BasicsHeader =
        "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n";
    private const string RatingsHeader = "tconst\taverageRating\tnumVotes\n";

    private DataSetFolder _set = null!;

    public async Task InitializeAsync() => _set = await DataSetFolder.CreateAsync();

    public async Task DisposeAsync() => await _set.DisposeAsync();

    [Fact]
    public async Task Movies_come_with_what_is_known_of_them_and_nothing_else_comes()
    {
        Write(
            """
            tt0000009	movie	Miss Jerry	Miss Jerry	0	1894	\N	45	Romance
            tt0000502	movie	"Bohème" – 夜	x	0	1905	\N	\N	\N
            tt0000010	movie	Not rated	\N	\N	1894	\N	\N	\N
            tt0000001	short	Carmencita	Carmencita	0	1894	\N	1	Documentary,Short
            tt0000002	movie	For adults	For adults	1	1994	\N	90	Drama
            """,
            "tt0000009\t5.4\t215\ntt0000001\t5.7\t2000\n");
        Assert.Empty(await _set.ImportImdbAsync());
        Assert.Equal(
            "\"Bohème\" – 夜|1905-01-01\nMiss Jerry|1894-01-01|45|5.4|215|Romance\nNot rated|1894-01-01",
            await _set.Database.ScalarAsync<string>(
                """
                SELECT string_agg(
                    concat_ws('|', title, release_date, runtime_minutes, imdb_rating, imdb_votes, genre_names),
                    E'\n' ORDER BY title COLLATE "C")
                FROM movies, LATERAL (
                    SELECT string_agg(name, ',') AS genre_names
                    FROM movie_genres JOIN genres ON genres.id = genre_id WHERE movie_id = movies.id) AS listed
                """));
        Assert.Equal("Romance", await _set.Database.ScalarAsync<string>("SELECT string_agg(name, ',') FROM genres"));
    }

    [Fact]
    public async Task Gaps_of_movies_that_are_there_are_filled_and_known_facts_stay()
    {
        await _set.Database.ExecuteAsync("INSERT INTO movies (title, release_date, runtime_minutes) VALUES ('Heat', '1995-12-15', 171)");
        Write("tt0113277\tmovie\tHeat\tHeat\t0\t1995\t\\N\t170\tCrime", "tt0113277\t8.3\t700000");
        Assert.Empty(await _set.ImportImdbAsync());
        Assert.Equal("1995-12-15 171 8.3 700000 2", await _set.Database.ScalarAsync<string>(
            "SELECT string_agg(concat_ws(' ', release_date, runtime_minutes, imdb_rating, imdb_votes, version), ',') FROM movies"));

        await _set.ImportImdbAsync();
        Assert.Equal(2, await _set.Database.ScalarAsync<int>("SELECT version FROM movies"));
    }

    [Fact]
    public async Task Best_known_of_two_movies_with_the_same_title_and_year_is_imported()
    {
        Write("tt1\tmovie\tHome\tHome\t0\t2016\t\\N\t80\t\\N\ntt2\tmovie\tHome\tHome\t0\t2016\t\\N\t90\t\\N", "tt1\t5.0\t10\ntt2\t6.0\t20");
        Assert.Equal(
            ["title.basics.tsv, line 2: the movie on line 3 has the same title and year, and no fewer votes"],
            await _set.ImportImdbAsync());
        Assert.Equal(90, await _set.Database.ScalarAsync<int>("SELECT runtime_minutes FROM movies"));
    }

    [Fact]
    public async Task Movie_that_cannot_be_imported_is_rejected_by_line()
    {
        (string Line, string Reason)[] lines =
        [
            ("tt1\tmovie\tFilm\tFilm\t0\t\\N\t\\N\t80\t\\N", "the year is not known"),
            ("tt2\tmovie\tFilm\tFilm\t0\t2101\t\\N\t80\t\\N", "the year 2101 is not between"),
            ("nm1\tmovie\tFilm\tFilm\t0\t2000\t\\N\t80\t\\N", "expected a number like tt0111161"),
            ("tt3\tmovie\tFilm\tFilm\t2000\t90\t\\N\t80\t\\N", "isAdult is '2000' instead of 0 or 1"),
            ("tt4\tmovie\tFilm\tFilm\t0\t2000", "expected 9 fields, found 6"),
            ("tt5\tmovie\t \tFilm\t0\t2000\t\\N\t80\t\\N", "the title is empty"),
        ];
        Write(string.Join('\n', lines.Select(line => line.Line)), "");
        var rejected = await _set.ImportImdbAsync();
        Assert.Equal(lines.Length, rejected.Length);
        Assert.All(lines.Index(), line => Assert.Contains(
            rejected, told => told.StartsWith($"title.basics.tsv, line {line.Index + 2}: {line.Item.Reason}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Score_that_cannot_be_imported_is_rejected_by_line()
    {
        string[] scores = ["11\t5", "5.55\t5", "5.5\tmany", "5.5", "\\N\t\\N"];
        Write(
            string.Join('\n', scores.Select((_, number) => $"tt{number}\tmovie\tFilm {number}\tFilm\t0\t2000\t\\N\t80\t\\N")),
            string.Join('\n', scores.Select((score, number) => $"tt{number}\t{score}")));
        var rejected = await _set.ImportImdbAsync();
        Assert.Equal(
            scores.Select((_, number) => $"title.ratings.tsv, line {number + 2}"), rejected.Select(told => told.Split(':')[0]).Order());
        Assert.Equal(scores.Length, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM movies WHERE concat(imdb_rating, imdb_votes) = ''"));
    }

    [Fact]
    public async Task Packed_file_that_was_cut_off_is_refused()
    {
        Write(string.Concat(Enumerable.Range(1, 20_000).Select(n => $"tt{n}\tmovie\tFilm {n * 7919}\tx\t0\t2000\t\\N\t80\t\\N\n")), "");
        var file = _set.In("title.basics.tsv.gz");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..50_000]);
        var failure = await Assert.ThrowsAsync<UserErrorException>(_set.ImportImdbAsync);
        Assert.Contains("the gzip data is damaged or cut off", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM movies"));
    }

    private void Write(string basics, string ratings)
    {
        _set.Write("title.basics.tsv.gz", BasicsHeader + basics);
        _set.Write("title.ratings.tsv.gz", RatingsHeader + ratings);
    }
}
