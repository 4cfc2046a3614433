using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Import;

/// <summary>Ids of IMDb and TMDB tell which movies are the same, before title and release date do.</summary>
public sealed class ExternalIdTests : IAsyncLifetime
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    private DataSetFolder _set = null!;

    public async Task InitializeAsync() => _set = await DataSetFolder.CreateAsync();

    public async Task DisposeAsync() => await _set.DisposeAsync();

    [Theory]
    [InlineData("movielens", "imdb")]
    [InlineData("imdb", "movielens")]
    [InlineData("tmdb", "movielens")]
    [InlineData("movielens", "tmdb", "imdb")]
    [InlineData("imdb", "tmdb", "movielens", "imdb", "tmdb")]
    public async Task Movie_of_several_titles_comes_once_whatever_the_order_of_its_sources(params string[] sources)
    {
        WriteMovieLens("1,\"Amelie (Fabuleux destin d'Amelie Poulain, Le) (2001)\",Romance", "1,0211915,194");
        WriteTmdb("id,imdb_id,title,release_date", "194,tt0211915,Le Fabuleux Destin d'Amélie Poulain,2001-04-25");
        WriteImdb("tt0211915\tmovie\tAmélie\tLe fabuleux destin d'Amélie Poulain\t0\t2001\t\\N\t122\tRomance");
        foreach (var source in sources)
        {
            var result = await ImportAsync(source);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
        }

        Assert.Equal(
            $"tt0211915 194 {(sources.Contains("tmdb") ? "2001-04-25" : "2001-01-01")} {(sources.Contains("imdb") ? "122" : "")} 1",
            await _set.Database.ScalarAsync<string>(
                """
                SELECT string_agg(concat(imdb_id, ' ', tmdb_id, ' ', release_date, ' ', runtime_minutes, ' ', rating_count), ', ')
                FROM movies JOIN movie_stats ON movie_id = id
                """));
    }

    [Theory]
    [InlineData("1,0211915,", "1,211915,")]
    [InlineData("1,tt0211915,", "1,,194")]
    [InlineData("1,,194", "1,0211915,194.0")]
    public async Task One_id_is_enough(string first, string then)
    {
        await _set.Database.ExecuteAsync(
            "INSERT INTO movies (title, release_date, imdb_id, tmdb_id) VALUES ('Amélie', '2001-04-25', 'tt0211915', 194)");
        foreach (var (title, link) in new[] { ("Amelie (2001)", first), ("Amelie from Montmartre (2002)", then) })
        {
            WriteMovieLens($"1,{title},Romance", link);
            var result = await ImportAsync("movielens");
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.Contains("links: 1 read = 0 inserted + 0 updated + 1 unchanged + 0 rejected.", result.Output, Ordinal);
        }

        Assert.Equal("Amélie 2001-04-25 tt0211915 194", await MoviesAsync());
    }

    [Fact]
    public async Task Ids_tell_movies_of_one_title_and_year_apart()
    {
        await _set.Database.ExecuteAsync("""
            INSERT INTO movies (title, release_date, imdb_id)
            VALUES ('Emma', '1996-08-02', 'tt0116191'), ('Emma', '1996-11-24', 'tt0118308')
            """);
        WriteMovieLens(
            "838,Emma (1996),Comedy\n26958,Emma (1996),Romance", "838,0116191,3573\n26958,0118308,12254",
            "1,838,4.0,1260759144\n1,26958,1.0,1260759144");
        var result = await ImportAsync("movielens");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("Emma 1996-08-02 tt0116191 3573, Emma 1996-11-24 tt0118308 12254", await MoviesAsync());
        Assert.Equal("8 2", await _set.Database.ScalarAsync<string>(
            "SELECT string_agg(value::text, ' ' ORDER BY release_date) FROM ratings JOIN movies ON movies.id = movie_id"));
    }

    [Fact]
    public async Task Day_of_one_movie_is_not_given_to_another()
    {
        await _set.Database.ExecuteAsync("INSERT INTO movies (title, release_date, imdb_id) VALUES ('Emma', '1996-01-01', 'tt0116191')");
        WriteTmdb("imdb_id,title,release_date", "tt0118308,Emma,1996-11-24\ntt0116191,Emma,1996-08-02");
        var result = await ImportAsync("tmdb");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("Emma 1996-08-02 tt0116191, Emma 1996-11-24 tt0118308", await MoviesAsync());

        await _set.Database.ExecuteAsync(
            """
            INSERT INTO movies (title, release_date, imdb_id) VALUES ('Ran', '1985-01-01', 'tt0089881'), ('Ran', '1985-06-01', NULL)
            """);
        WriteTmdb("imdb_id,title,release_date", "tt0089881,Ran!,1985-06-01");
        result = await ImportAsync("tmdb");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.EndsWith("Ran 1985-01-01 tt0089881, Ran 1985-06-01", await MoviesAsync(), Ordinal);
    }

    [Fact]
    public async Task Conflicts_are_told_by_line_and_make_no_second_movie()
    {
        await _set.Database.ExecuteAsync("""
            INSERT INTO movies (title, release_date, imdb_id, tmdb_id) VALUES
                ('Heat', '1995-12-15', 'tt0113277', NULL), ('Jaws', '1975-06-20', 'tt0073195', 578),
                ('Alien', '1979-05-25', 'tt0078748', 348), ('Ran', '1985-06-01', NULL, 11645),
                ('Up', '2009-05-29', NULL, NULL)
            """);
        WriteMovieLens(
            """
            1,Heat (1995),Crime
            2,Heat: another (1995),Crime
            3,Jaws (1975),Horror
            4,Ran (1985),Drama
            5,Kagemusha (1980),Drama
            6,Up (2009),Drama
            7,Up there (2009),Drama
            8,Seven (1995),Crime
            9,Se7en (1995),Crime
            10,Plan (2001),Drama
            11,Jaws again (1975),Drama
            """,
            """
            1,0000001,
            2,0113277,
            3,0073195,579
            4,0089881,348
            5,,11645
            6,1049413,14160
            7,1049414,14160
            8,0114369,807
            9,0114369,807
            11,,578
            """);
        var result = await ImportAsync("movielens", "--rejects", _set.In("rejects"));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            [
                "movies.csv, line 2: the movie of that title and year has the IMDb id tt0113277 here, not tt0000001",
                "movies.csv, line 4: the movie has the TMDB id 578 here, which stays, not 579",
                "movies.csv, line 5: the TMDB id 348 is that of 'Alien' (1979) here; imported without it",
                "movies.csv, line 6: the TMDB id 11645 is that of 'Ran' (1985) here",
                "movies.csv, line 8: the movie on line 7 has the TMDB id 14160, too, and another IMDb id; imported without it",
                "movies.csv, line 10: the movie on line 9 has the same IMDb id tt0114369",
                "movies.csv, line 12: the movie on line 4 is the same by its ids",
            ],
            (await File.ReadAllLinesAsync(_set.In("rejects"))).Where(line => line.StartsWith("movies", Ordinal)));
        Assert.Equal(
            "Alien 1979-05-25 tt0078748 348, Heat 1995-12-15 tt0113277, Jaws 1975-06-20 tt0073195 578, Plan 2001-01-01, "
            + "Ran 1985-06-01 tt0089881 11645, Seven 1995-01-01 tt0114369 807, Up 2009-05-29 tt1049413 14160, "
            + "Up there 2009-01-01 tt1049414",
            await MoviesAsync());
    }

    [Fact]
    public async Task Links_that_cannot_be_read_are_rejected_by_line_and_their_movies_come_without_them()
    {
        WriteMovieLens(
            "1,Heat (1995),Crime\n2,Ran (1985),Drama\n3,Up (2009),Drama\n4,Jaws (1975),Drama",
            "1,nm0000001,949\n2,0089881,x\n3,0000000,\n4,0073195,578\n4,0073196,579\n99,0000099,\n5\n1,123456789012,");
        var result = await ImportAsync("movielens", "--rejects", _set.In("rejects"));
        Assert.Equal(
            [
                "links.csv, line 2: the IMDb id 'nm0000001' is not one like 0111161",
                "links.csv, line 3: the TMDB id 'x' is not a number like 278",
                "links.csv, line 4: the IMDb id '0000000' is not one like 0111161",
                "links.csv, line 6: id 4 stands on line 5, too",
                "links.csv, line 8: expected 3 fields, of which the first is a number",
                "links.csv, line 9: the IMDb id '123456789012' is not one like 0111161",
            ],
            await File.ReadAllLinesAsync(_set.In("rejects")));
        Assert.Contains(
            "links: 7 read = 1 inserted + 0 updated + 0 unchanged + 6 rejected; 1 other skipped.", result.Output, Ordinal);
        Assert.Equal("Heat 1995-01-01, Jaws 1975-01-01 tt0073195 578, Ran 1985-01-01, Up 2009-01-01", await MoviesAsync());
    }

    [Fact]
    public async Task Numbers_of_a_file_that_are_not_those_of_TMDB_do_no_harm()
    {
        await _set.Database.ExecuteAsync("INSERT INTO movies (title, release_date, tmdb_id) VALUES ('Ariel', '1988-10-21', 2)");
        WriteTmdb("id,imdb_id,title,release_date", "a1,0,Heat,1995-12-15\n2,,Jaws,1975-06-20");
        var result = await ImportAsync("tmdb", "--rejects", _set.In("rejects"));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            [
                "tmdb.csv, line 2: the IMDb id '0' is not one like tt0111161; imported without it",
                "tmdb.csv, line 2: the TMDB id 'a1' is not a number; imported without it",
                "tmdb.csv, line 3: the TMDB id 2 is that of 'Ariel' (1988) here",
            ],
            await File.ReadAllLinesAsync(_set.In("rejects")));
        Assert.Equal("Ariel 1988-10-21 2, Heat 1995-12-15", await MoviesAsync());
    }

    [Fact]
    public async Task Interrupted_import_forgets_links_that_are_not_there_any_more()
    {
        WriteMovieLens("1,Heat (1995),Crime", "1,0113277,949");
        File.Delete(_set.In("ratings.csv"));
        _set.Write("ratings.csv.gz", "userId,movieId,rating,timestamp\n" + string.Concat(
            Enumerable.Range(1, 6_000).Select(user => $"{user},1,4.0,1260759144\n")));
        var packed = await File.ReadAllBytesAsync(_set.In("ratings.csv.gz"));
        await File.WriteAllBytesAsync(_set.In("ratings.csv.gz"), packed[..^3]);
        Assert.Equal(2, (await ImportAsync("movielens")).ExitCode);
        Assert.Equal(1, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM import.links"));
        File.Delete(_set.In("links.csv"));
        File.Delete(_set.In("ratings.csv.gz"));
        _set.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,1260759144\n");
        var result = await ImportAsync("movielens");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain("links", result.Output, Ordinal);
        Assert.Equal("Heat 1995-01-01", await MoviesAsync());
    }

    private void WriteMovieLens(string movies, string links, string ratings = "1,1,4.0,1260759144")
    {
        _set.Write("movies.csv", $"movieId,title,genres\n{movies}\n");
        _set.Write("links.csv", $"movieId,imdbId,tmdbId\n{links}\n");
        _set.Write("ratings.csv", $"userId,movieId,rating,timestamp\n{ratings}\n");
    }

    private void WriteTmdb(string header, string rows) => _set.Write("tmdb.csv", $"{header}\n{rows}\n");

    private void WriteImdb(string titles)
    {
        _set.Write(
            "title.basics.tsv",
            $"tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n{titles}\n");
        _set.Write("title.ratings.tsv", "tconst\taverageRating\tnumVotes\n");
    }

    private Task<ProcessResult> ImportAsync(string set, params string[] options) => Worker.RunAsync(
        _set.Database.ConnectionString, ["import", set, set == "tmdb" ? _set.In("tmdb.csv") : _set.Path, .. options]);

    private Task<string?> MoviesAsync() => _set.Database.ScalarAsync<string>(
        "SELECT string_agg(concat_ws(' ', title, release_date, imdb_id, tmdb_id), ', ' ORDER BY title, release_date) FROM movies");
}
