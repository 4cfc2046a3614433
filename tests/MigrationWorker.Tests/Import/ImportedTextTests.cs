namespace MovieAspire.MigrationWorker.Tests.Import;

/// <summary>What a line of a published file becomes: nothing of it is lost over a detail.</summary>
public sealed class ImportedTextTests : IAsyncLifetime
{
    private static readonly string X195 = new('x', 195);

    private static readonly string[] Articles =
    [
        "The", "A", "An", "Das", "Der", "Den", "Dem", "Det", "Die", "Ein", "Eine", "Le", "La", "Las", "Les", "Un", "Une", "El", "Los",
        "Il", "I", "Lo", "Gli", "Uno", "Una", "Het", "En", "Et", "Ett", "O", "Os", "As", "Um", "Uma",
    ];

    private DataSetFolder _set = null!;

    public async Task InitializeAsync() => _set = await DataSetFolder.CreateAsync();

    public async Task DisposeAsync() => await _set.DisposeAsync();

    [Fact]
    public async Task Title_of_MovieLens_is_read_as_it_is_spoken()
    {
        (string Written, string Stored)[] titles =
        [
            ($"{X195} (1995)", $"{X195} 1995"),
            ($"{new string('x', 200)} (1995)", $"{new string('x', 200)} 1995"),
            ("Boot, Das (Boat, The) (1981)", "Das Boot (The Boat) 1981"),
            ("Crow, The: Wicked Prayer (2005)", "The Crow: Wicked Prayer 2005"),
            ("Avventura, L' (Adventure, The) (1960)", "L'Avventura (The Adventure) 1960"),
            ("Postino, Il (a.k.a. Postman, The) (1994)", "Il Postino (a.k.a. The Postman) 1994"),
            ("Good, the Bad and the Ugly, The (Buono, il brutto, il cattivo, Il) (1966)",
             "The Good, the Bad and the Ugly (Il Buono, il brutto, il cattivo) 1966"),
            ("American in Paris, An (1951)", "An American in Paris 1951"),
            ("Paris, I Love You (2006)", "Paris, I Love You 2006"),
            ("Live, Die, Repeat (2014)", "Live, Die, Repeat 2014"),
            ("Death Note (2006–2007)", "Death Note 2006"),
            ("Mushi-Shi (1975-1979)", "Mushi-Shi 1975"),
            ("Toy Story (1995) ", "Toy Story 1995"),
            ("Atalante, L’ (1934)", "L’Atalante 1934"),
            ("Vie en rose, La [Môme, La] (2007)", "La Vie en rose [La Môme] 2007"),
            ("Sete, Os (Hora, Uma) (2001)", "Os Sete (Uma Hora) 2001"),
            ("Mona and the Time of Burning Love (Mona ja palavan rakkauden aika) (1983))",
             "Mona and the Time of Burning Love (Mona ja palavan rakkauden aika) 1983"),
            ("Hamlet (1948) (1990)", "Hamlet (1948) 1990"),
            ("(500) Days of Summer (2009)", "(500) Days of Summer 2009"),
            ("First year (1888)", "First year 1888"),
            ("Last year (2100)", "Last year 2100"),
            .. Articles.Select(article => ($"Word, {article} (2000)", $"{article} Word 2000")),
        ];
        WriteMovieLens([.. titles.Select(title => $"\"{title.Written}\",Drama")]);
        Assert.Empty(await _set.ImportMovieLensAsync());
        Assert.Equal(
            titles.Select(title => title.Stored),
            await _set.Database.ScalarAsync<string[]>(
                "SELECT array_agg(concat_ws(' ', title, date_part('year', release_date)) ORDER BY id) FROM movies"));
    }

    [Fact]
    public async Task Empty_genre_is_none()
    {
        (string Written, string Stored)[] genres =
        [
            ("Drama|", "Drama"), ("Drama||Crime", "Crime|Drama"), ("|", ""), ("", ""), ("(no genres listed)", ""), (" Drama | drama ", "Drama"),
        ];
        WriteMovieLens([.. genres.Select((genre, number) => $"Film {number} (1995),{genre.Written}")]);
        Assert.Empty(await _set.ImportMovieLensAsync());
        Assert.Equal(genres.Select(genre => genre.Stored), await GenresOfEachAsync());
        Assert.Equal(1, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM ratings"));
    }

    [Fact]
    public async Task Genre_that_cannot_be_stored_is_left_out_and_told()
    {
        WriteMovieLens($"Film (1995),Drama|{new string('x', 51)}");
        Assert.Equal(
            [$"movies.csv, line 2: the genre '{new string('x', 51)}' has more than 50 characters; imported without it"],
            await _set.ImportMovieLensAsync());
        Assert.Equal(("Drama", 1L), (await GenresAsync(), await _set.Database.ScalarAsync<long>("SELECT count(*) FROM ratings")));
    }

    [Fact]
    public async Task Detail_that_cannot_be_stored_loses_no_movie_of_IMDb()
    {
        (string Runtime, string Genres)[] movies =
        [
            ("51420", "Drama"), ("0", "Drama"), ("90", "Drama,"), ("90", ""), (@"\N", @"\N"), ("90", @"Drama,\N"), ("long", "Drama"),
        ];
        WriteImdb([.. movies.Select((movie, number) => $"Film {number}\tFilm\t0\t1995\t\\N\t{movie.Runtime}\t{movie.Genres}")]);
        Assert.Equal(
            [
                "title.basics.tsv, line 2: the running time '51420' is not from 1 to 1500 minutes; imported without it",
                "title.basics.tsv, line 8: the running time 'long' is not from 1 to 1500 minutes; imported without it",
            ],
            await _set.ImportImdbAsync());
        Assert.Equal(["Drama", "Drama", "Drama", "", "", "Drama", "Drama"], await GenresOfEachAsync());
    }

    [Fact]
    public async Task Title_that_nobody_can_tell_from_another_is_refused()
    {
        (string Title, string Reason)[] titles =
        [
            (@"\N", "the title is not known"),
            ("", "the title is empty"),
            ("\u200B", "the title is empty"),
            ("\u3164", "the title is empty"),
            ("\u0301", "the title is empty"),
            ("Am\u200Bélie", "the title has a control or format character (U+200B)"),
            ("Am\u202Eélie", "the title has a control or format character (U+202E)"),
            ("Am\u2028élie", "the title has a control or format character (U+2028)"),
            ("Am\u0085élie", "the title has a control or format character (U+0085)"),
            ("Am\u0001élie", "the title has a control or format character (U+0001)"),
        ];
        WriteImdb([.. titles.Select(title => $"{title.Title}\tFilm\t0\t1995\t\\N\t90\tDrama")]);
        Assert.Equal(
            titles.Select((title, number) => $"title.basics.tsv, line {number + 2}: {title.Reason}"), await _set.ImportImdbAsync());
        Assert.Equal(0, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM movies"));
    }

    [Fact]
    public async Task Overlong_title_is_refused_once_it_is_composed()
    {
        // 200 characters in their composed form, of which the first movie consists; the second has one more.
        var long200 = string.Concat(Enumerable.Repeat("e\u0301", 200));
        WriteImdb($"{long200}\tx\t0\t1995\t\\N\t90\tDrama", $"{long200}x\tx\t0\t1995\t\\N\t90\tDrama");
        Assert.Equal(["title.basics.tsv, line 3: the title has 201 characters, 200 are allowed"], await _set.ImportImdbAsync());
    }

    [Theory]
    [InlineData("Am\u00E9lie")]
    [InlineData("Ame\u0301lie")]
    [InlineData("  Am\u00E9lie\u00A0")]
    [InlineData("\u200BAm\u00E9lie \uFEFF")]
    public async Task Titles_that_look_the_same_are_one_movie(string title)
    {
        await _set.Database.ExecuteAsync("INSERT INTO movies (title, release_date) VALUES ('Am\u00E9lie', '2001-11-02')");
        WriteImdb($"{title}\tFilm\t0\t2001\t\\N\t122\tDrama");
        Assert.Empty(await _set.ImportImdbAsync());
        Assert.Equal("Am\u00E9lie 122", await _set.Database.ScalarAsync<string>(
            "SELECT string_agg(concat_ws(' ', title, runtime_minutes), ',') FROM movies"));
    }

    [Fact]
    public async Task Genre_is_stored_in_its_composed_form()
    {
        WriteImdb("Film\tFilm\t0\t2001\t\\N\t122\tCome\u0301die,Drama");
        Assert.Empty(await _set.ImportImdbAsync());
        Assert.Equal("Com\u00E9die|Drama", await GenresAsync());
    }

    [Fact]
    public async Task Joiners_stay()
    {
        WriteImdb("माँ क्\u200Dष 👩\u200D👧\tFilm\t0\t2001\t\\N\t122\tDrama");
        Assert.Empty(await _set.ImportImdbAsync());
        Assert.Equal("माँ क्\u200Dष 👩\u200D👧", await _set.Database.ScalarAsync<string>("SELECT title FROM movies"));
    }

    private Task<string?> GenresAsync() =>
        _set.Database.ScalarAsync<string>("""SELECT coalesce(string_agg(name, '|' ORDER BY name COLLATE "C"), '') FROM genres""");

    private async Task<IEnumerable<string>> GenresOfEachAsync() => (await _set.Database.ScalarAsync<string[]>(
        """
        SELECT array_agg(
            coalesce((SELECT string_agg(name, '|' ORDER BY name) FROM movie_genres JOIN genres ON genres.id = genre_id WHERE movie_id = movies.id), '')
            ORDER BY id)
        FROM movies
        """))!;

    private void WriteMovieLens(params string[] movies)
    {
        _set.Write(
            "movies.csv", "movieId,title,genres\n" + string.Concat(movies.Select((movie, number) => $"{number + 1},{movie}\n")));
        _set.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,1260759144\n");
    }

    private void WriteImdb(params string[] movies)
    {
        _set.Write(
            "title.basics.tsv",
            "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"
            + string.Concat(movies.Select((movie, number) => $"tt{number + 1}\tmovie\t{movie}\n")));
        _set.Write("title.ratings.tsv", "tconst\taverageRating\tnumVotes\n");
    }
}
