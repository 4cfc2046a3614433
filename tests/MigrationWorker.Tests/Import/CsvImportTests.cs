using System.Text;
using MovieAspire.MigrationWorker.Import;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Import;

/// <summary>Files that the import tells by their names and first lines, as people have them.</summary>
public sealed class CsvImportTests : IAsyncLifetime
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    private const string Facts = """
        SELECT string_agg(
            concat_ws('|', title, release_date, runtime_minutes, mpaa_rating, director, budget, worldwide_gross, imdb_rating, genre_names),
            E'\n' ORDER BY title COLLATE "C")
        FROM movies, LATERAL (
            SELECT string_agg(name, ',' ORDER BY name) AS genre_names
            FROM movie_genres JOIN genres ON genres.id = genre_id WHERE movie_id = movies.id) AS listed
        """;

    private const string Rated = """
        SELECT string_agg(concat_ws(' ', user_name, title, value, to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')), ', '
            ORDER BY user_name, title)
        FROM ratings r JOIN users u ON u.id = user_id JOIN movies m ON m.id = movie_id
        """;

    private const string Letterboxd = """
        Date,Name,Year,Letterboxd URI,Rating
        2024-01-31,Heat,1995,https://boxd.it/2b4E,4.5
        2024-02-01,"Good, the Bad and the Ugly, The",1966,https://boxd.it/1,5
        2024-02-02,Not rated,2001,https://boxd.it/2,
        2024-02-03,Odd,2002,https://boxd.it/3,5.7
        2024-02-04,Heat,1995,https://boxd.it/2b4E,1

        """;

    private DataSetFolder _set = null!;

    public async Task InitializeAsync() => _set = await DataSetFolder.CreateAsync();

    public async Task DisposeAsync() => await _set.DisposeAsync();

    [Theory]
    [InlineData("TMDB_movie_dataset.csv")]
    [InlineData("movies.csv.gz")]
    public async Task Export_of_TMDB_is_known_by_its_columns(string name)
    {
        _set.Write(name, """
            id,title,vote_average,status,release_date,revenue,runtime,adult,budget,imdb_id,overview,genres
            1,Heat,8.2,Released,1995-12-15,187436818,170,False,60000000,tt0113277,"Two
            ""crews"", one city.
            ","Action, Crime, Drama"
            2,Toy Story,8,Released,1995,373554033.0,81.0,FALSE,30000000,tt0114709,,"[{'id': 1, 'name': 'Animation'}, {""id"": 2, ""name"": ""Comedy""}]"
            3,Plan,0,Planned,2031-01-01,0,0,False,0,,,
            4,For adults,5,Released,1990-05-05,0,90,True,0,,,
            5,No day,5,Released,,0,90,False,0,,,
            6,Odd day,5,Released,15/12/1995,0,90,False,0,,,
            7,Long,5,Released,1999-09-09,0,9999,False,dear,,,
            8,"Not
            one line",5,Released,1999-09-09,0,9,False,0,,,

            """);
        var result = await ImportAsync(_set.In(name), "--rejects", _set.In("rejects"));
        Assert.Equal(
            """
            Heat|1995-12-15|170|60000000|187436818|Action,Crime,Drama
            Long|1999-09-09
            Plan|2031-01-01
            Toy Story|1995-01-01|81|30000000|373554033|Animation,Comedy
            """,
            await _set.Database.ScalarAsync<string>(Facts));
        var file = name.Replace(".gz", "", StringComparison.Ordinal);
        Assert.Equal(
            [
                $"{file}, line 8: the year is not known",
                $"{file}, line 9: '15/12/1995' is neither a day like 1995-12-15 nor a year",
                $"{file}, line 10: the running time '9999' is not from 1 to 1500 minutes; imported without it",
                $"{file}, line 10: the budget 'dear' is not a number of dollars; imported without it",
                $"{file}, line 11: the title has a control or format character (U+000A)",
            ],
            await File.ReadAllLinesAsync(_set.In("rejects")));
        Assert.Contains("movies: 7 read = 4 inserted + 0 updated + 0 unchanged + 3 rejected; 1 other skipped.", result.Output, Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Ratings_of_Letterboxd_are_one_persons_own()
    {
        _set.Write("ratings.csv", Letterboxd);
        await _set.Database.ExecuteAsync("INSERT INTO movies (title, release_date) VALUES ('Heat', '1995-12-15')");
        var result = await ImportAsync(_set.Path);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("rejected: ratings.csv, line 5: the rating '5.7' is not one from 0.5 to 5.0 in halves", result.Error, Ordinal);
        Assert.Contains("rejected: ratings.csv, line 6: the movie on line 2 has the same title and year", result.Error, Ordinal);
        Assert.Equal(
            "letterboxd Good, the Bad and the Ugly, The 10 2024-02-01, letterboxd Heat 9 2024-01-31",
            await _set.Database.ScalarAsync<string>(Rated));
        Assert.Contains("movies: 5 read = 2 inserted + 0 updated + 1 unchanged + 2 rejected.", result.Output, Ordinal);
        Assert.Contains("ratings: 4 read = 2 inserted + 0 updated + 0 unchanged + 2 rejected.", result.Output, Ordinal);
        Assert.Equal(0, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));

        result = await ImportAsync("letterboxd", _set.Path, "--skip-rejects");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("ratings: 4 read = 0 inserted + 0 updated + 2 unchanged + 2 rejected.", result.Output, Ordinal);
    }

    [Fact]
    public async Task Last_rating_of_a_diary_counts()
    {
        _set.Write("diary.csv", """
            Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
            2023-01-02,Heat,1995,https://boxd.it/2,5,Yes,,2023-01-01
            2022-01-02,Heat,1995,https://boxd.it/1,4.5,,,2022-01-01
            2023-02-02,Alien,1979,https://boxd.it/3,,,,2023-02-01
            2023-03-02,Alien,1979,https://boxd.it/4,3,Yes,,2023-03-01
            2023-03-02,Alien,1979,https://boxd.it/5,4,Yes,,2023-03-01
            2023-03-03,Alien,1979,https://boxd.it/6,,Yes,,2023-03-03

            """);
        var result = await ImportAsync(_set.In("diary.csv"));
        Assert.Equal(
            (0, """
            note: diary.csv, line 3: the movie was rated again on line 2; that rating counts
            note: diary.csv, line 5: the movie was rated again on line 6; that rating counts
            """),
            (result.ExitCode, result.Error.TrimEnd()));
        Assert.Equal("letterboxd Alien 8 2023-03-02, letterboxd Heat 10 2023-01-02", await _set.Database.ScalarAsync<string>(Rated));
        Assert.Contains("movies: 6 read = 2 inserted + 0 updated + 4 unchanged + 0 rejected.", result.Output, Ordinal);
        Assert.Contains("ratings: 4 read = 2 inserted + 0 updated + 2 unchanged + 0 rejected.", result.Output, Ordinal);

        result = await ImportAsync(_set.In("diary.csv"));
        Assert.Contains("movies: 6 read = 0 inserted + 0 updated + 6 unchanged + 0 rejected.", result.Output, Ordinal);
        Assert.Contains("ratings: 4 read = 0 inserted + 0 updated + 4 unchanged + 0 rejected.", result.Output, Ordinal);
    }

    [Fact]
    public async Task Ratings_of_Letterboxd_go_to_the_account_that_is_named()
    {
        await Rows.AddUserAsync(_set.Database.ConnectionString, "ann");
        _set.Write("mine.csv", "Name,Year,Rating\nHeat,1995,4.5\n");
        var result = await ImportAsync(_set.In("mine.csv"), "--user", "Ann@example.com");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("ann@example.com Heat 9", await _set.Database.ScalarAsync<string>(Rated), Ordinal);

        result = await ImportAsync(_set.In("mine.csv"), "--user", "bob' OR true --");
        Assert.Equal((2, "error: There is no account 'bob' OR true --'. Give its user name or email address."),
            (result.ExitCode, result.LastErrorLine));
        _set.Write("tmdb.csv", "title,release_date\nHeat,1995-12-15\n");
        result = await ImportAsync(_set.In("tmdb.csv"), "--user", "ann");
        Assert.Equal((2, "error: tmdb holds no ratings of one person: leave --user out."), (result.ExitCode, result.LastErrorLine));
    }

    [Fact]
    public async Task Movies_among_titles_of_Netflix_are_imported()
    {
        _set.Write("netflix_titles.csv", """
            show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,description
            s1,Movie,Dick Johnson Is Dead,Kirsten Johnson,,United States,"September 25, 2021",2020,PG-13,90 min,Documentaries,x
            s2,TV Show,Blood & Water,,"Ama Qamata",South Africa,"September 24, 2021",2021,TV-MA,2 Seasons,TV Dramas,x
            s3,Movie,Unrated,,,,,2019,NR,125 min,"Dramas, International Movies",x
            s4,Movie,For television,,,,,2018,TV-14,,,x

            """);
        var result = await ImportAsync(_set.Path);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            """
            Dick Johnson Is Dead|2020-01-01|90|PG-13|Kirsten Johnson|Documentaries
            For television|2018-01-01
            Unrated|2019-01-01|125|Not Rated|Dramas,International Movies
            """,
            await _set.Database.ScalarAsync<string>(Facts));
        Assert.Contains("movies: 3 read = 3 inserted + 0 updated + 0 unchanged + 0 rejected; 1 other skipped.", result.Output, Ordinal);
    }

    [Fact]
    public async Task Running_time_in_the_column_of_the_rating_is_taken_as_one()
    {
        _set.Write("netflix_titles.csv", """
            show_id,type,title,release_year,rating,duration
            s1,Movie,Louis C.K. 2017,2017,74 min,
            s2,Movie,Both,2018,84 min,90 min
            s3,Movie,Neither,2019,74,

            """);
        var result = await ImportAsync(_set.Path);
        Assert.Equal(
            (0, "note: netflix_titles.csv, line 2: the rating '74 min' is taken as the running time, which is empty"),
            (result.ExitCode, result.LastErrorLine));
        Assert.Equal(
            """
            Both|2018-01-01|90
            Louis C.K. 2017|2017-01-01|74
            Neither|2019-01-01
            """,
            await _set.Database.ScalarAsync<string>(Facts));
    }

    [Theory]
    [InlineData("latin1")]
    [InlineData("utf-8")]
    public async Task MovieLens_100k_is_imported(string encoding)
    {
        _set.Write("u.item", Encoding.GetEncoding(encoding).GetBytes("""
            1|Toy Story (1995)|22-Nov-1995||http://us.imdb.com/M/title-exact?Toy%20Story%20(1995)|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0
            2|Cité des enfants perdus, La (1995)|01-Jan-1995||x|0|0|1|0|0|0|0|0|0|0|0|0|0|0|0|1|0|0|0
            3|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0

            """));
        _set.Write("u.data", "1\t1\t5\t881250949\n1\t2\t3\t881250950\n");
        var result = await ImportAsync(_set.Path, "--skip-rejects");
        Assert.Equal(
            (0, "rejected: u.item, line 3: no year in parentheses ends the title 'unknown'"), (result.ExitCode, result.LastErrorLine));
        Assert.Equal(
            "La Cité des enfants perdus|1995-01-01|Adventure,Sci-Fi\nToy Story|1995-11-22|Animation,Children's,Comedy",
            await _set.Database.ScalarAsync<string>(Facts));
        Assert.Equal(
            "movielens-100k-1 La Cité des enfants perdus 6 1997-12-04, movielens-100k-1 Toy Story 10 1997-12-04",
            await _set.Database.ScalarAsync<string>(Rated));
    }

    [Fact]
    public async Task MovieLens_1M_is_imported()
    {
        _set.Write("movies.dat", Encoding.Latin1.GetBytes("1::Toy Story (1995)::Animation|Comedy\n2::Misérables, Les (1995)::Drama\n"));
        _set.Write("ratings.dat", "1::1::5::978300760\n2::2::3::978302109\n");
        _set.Write("users.dat", "1::F::1::10::48067\n");
        var result = await ImportAsync(_set.Path);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            "movielens-1m-1 Toy Story 10 2000-12-31, movielens-1m-2 Les Misérables 6 2000-12-31",
            await _set.Database.ScalarAsync<string>(Rated));
    }

    [Fact]
    public async Task What_is_no_known_file_is_refused_with_the_known_ones()
    {
        _set.Write("other.csv", "a,b\n1,2\n");
        foreach (var path in new[] { _set.Path, _set.In("other.csv") })
        {
            var result = await ImportAsync(path);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains("letterboxd: ratings.csv with the columns Name, Year; ", result.LastErrorLine, Ordinal);
        }

        _set.Write("other.csv", "title;release_date\nHeat;1995\n");
        Assert.Contains("its columns are separated by ';'", (await ImportAsync(_set.In("other.csv"))).LastErrorLine, Ordinal);

        _set.Write("movies.csv", "movieId,title,genres\n1,Heat (1995),Crime\n");
        Assert.Contains(
            "is one of the files of movielens: give the folder that holds movies.csv and ratings.csv",
            (await ImportAsync(_set.In("movies.csv"))).LastErrorLine, Ordinal);
        Assert.Contains("There is no ratings.csv or ratings.csv.gz in", (await ImportAsync(_set.Path)).LastErrorLine, Ordinal);

        _set.Write("tmdb.csv", "title,release_date\nHeat,1995\n");
        _set.Write("titles.csv", "type,title,release_year\nMovie,Heat,1995\n");
        Assert.Contains(
            "holds files of several data sets; say which: import netflix", (await ImportAsync(_set.Path)).LastErrorLine, Ordinal);
        Assert.Contains("Could not find file", (await ImportAsync(_set.In("nowhere.csv"))).LastErrorLine, Ordinal);
    }

    [Fact]
    public async Task Help_says_which_files_are_known_and_how_they_are_told_apart()
    {
        var help = (await Worker.RunAsync("Host=nowhere", "import", "--help")).Output.ReplaceLineEndings(" ");
        foreach (var set in DataSet.CreateAll().Select(set => set.Name).Append("--dry-run").Append("--user"))
        {
            Assert.Contains(set, help, Ordinal);
        }

        Assert.DoesNotContain("--user", (await Worker.RunAsync("Host=nowhere", "import", "imdb", "--help")).Output, Ordinal);
    }

    [Fact]
    public async Task Stray_quote_costs_no_more_than_its_line()
    {
        _set.Write("tmdb.csv", "title,release_date\n\"Open,1995\nHeat,1995\n\"Two\nlines\" and more\nRan,1985\n\"Up\",2009");
        var result = await ImportAsync(_set.In("tmdb.csv"), "--rejects", _set.In("rejects"));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("Heat,Ran,Up", await _set.Database.ScalarAsync<string>("SELECT string_agg(title, ',' ORDER BY title) FROM movies"));
        Assert.Equal(
            [
                "tmdb.csv, line 2: a quote is not closed on this line",
                "tmdb.csv, line 4: a quote is not closed on this line",
                "tmdb.csv, line 5: expected 2 fields, found 1",
            ],
            await File.ReadAllLinesAsync(_set.In("rejects")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Interrupted_import_continues_only_with_what_it_has_read(bool isSame)
    {
        const string Old = "movieId,title,genres\n1,Heat (1995),Crime\n";
        var time = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        _set.Write("movies.csv", Old);
        _set.Write("ratings.csv.gz", "userId,movieId,rating,timestamp\n" + string.Concat(
            Enumerable.Range(1, 6_000).Select(user => $"{user},1,4.0,1260759144\n")));
        var packed = await File.ReadAllBytesAsync(_set.In("ratings.csv.gz"));
        await File.WriteAllBytesAsync(_set.In("ratings.csv.gz"), packed[..^3]);
        File.SetLastWriteTimeUtc(_set.In("movies.csv"), time);
        Assert.Equal(2, (await ImportAsync("movielens", _set.Path)).ExitCode);

        // As large and as old, or longer and younger.
        _set.Write("movies.csv", isSame ? Old + "2,Ran (1985),Drama\n" : Old.Replace("Heat", "Jaws", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(_set.In("movies.csv"), isSame ? time.AddDays(1) : time);
        await File.WriteAllBytesAsync(_set.In("ratings.csv.gz"), packed);
        var result = await ImportAsync("movielens", _set.Path);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(isSame, result.Output.Contains("movies.csv: continuing after line 2.", Ordinal));
        Assert.Equal(
            isSame ? "Heat,Ran" : "Jaws",
            await _set.Database.ScalarAsync<string>("SELECT string_agg(title, ',' ORDER BY title) FROM movies"));
    }

    private Task<ProcessResult> ImportAsync(params string[] arguments) =>
        Worker.RunAsync(_set.Database.ConnectionString, ["import", .. arguments]);
}
