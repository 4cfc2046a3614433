using System.Globalization;
using System.Text;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Tests.Fixtures;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Import;

public sealed class MovieLensImportTests : IAsyncLifetime
{
    private const string Movies = """
        movieId,title,genres
        1,Toy Story (1995),Adventure|Animation|Children's
        11,"American President, The (1995)",Comedy|Drama
        29,"City of Lost Children, The (Cité des enfants perdus, La) (1995)",Adventure
        126,"He said ""no"", ""again"" (1996)",(no genres listed)
        """;

    private const string Ratings = """
        userId,movieId,rating,timestamp
        1,1,0.5,1260759144
        1,11,5.0,1260759179
        2,1,3.5,1260759182
        """;

    private DataSetFolder _set = null!;

    public async Task InitializeAsync()
    {
        _set = await DataSetFolder.CreateAsync();
        _set.Write("movies.csv", Movies);
        _set.Write("ratings.csv", Ratings);
    }

    public async Task DisposeAsync() => await _set.DisposeAsync();

    [Fact]
    public async Task Titles_years_genres_ratings_and_users_are_imported()
    {
        Assert.Empty(await _set.ImportMovieLensAsync());
        Assert.Equal(
            """
            He said "no", "again" 1996-01-01
            The American President 1995-01-01 Comedy|Drama
            The City of Lost Children (La Cité des enfants perdus) 1995-01-01 Adventure
            Toy Story 1995-01-01 Adventure|Animation|Children's
            """,
            await _set.Database.ScalarAsync<string>(
                """
                SELECT string_agg(concat_ws(' ', title, release_date, genre_names), E'\n' ORDER BY title COLLATE "C")
                FROM movies, LATERAL (
                    SELECT string_agg(name, '|' ORDER BY name) AS genre_names
                    FROM movie_genres JOIN genres ON genres.id = genre_id WHERE movie_id = movies.id) AS listed
                """));
        Assert.Equal(
            "movielens-1 The American President 10 2009-12-14 02:52:59+00, movielens-1 Toy Story 1 2009-12-14 02:52:24+00, "
            + "movielens-2 Toy Story 7 2009-12-14 02:53:02+00",
            await _set.Database.ScalarAsync<string>(
                """
                SET timezone = 'UTC';
                SELECT string_agg(concat_ws(' ', user_name, title, value, r.created_at), ', ' ORDER BY user_name, title)
                FROM ratings r JOIN users u ON u.id = user_id JOIN movies m ON m.id = movie_id
                """));
        Assert.Equal(
            0, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM users WHERE password_hash IS NOT NULL OR email IS NOT NULL"));
        Assert.Equal(0, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
        Assert.Null(await _set.Database.ScalarAsync<string>("SELECT to_regnamespace('import')::text"));
    }

    [Fact]
    public async Task Importing_again_changes_nothing()
    {
        await _set.ImportMovieLensAsync();
        var before = await _set.Database.DumpAsync();
        Assert.Empty(await _set.ImportMovieLensAsync());
        Assert.Equal(before, await _set.Database.DumpAsync());
    }

    [Fact]
    public async Task Movie_with_the_same_title_and_year_is_not_added_again()
    {
        await _set.Database.ExecuteAsync(
            "INSERT INTO movies (title, release_date, director) VALUES ('Toy Story', '1995-11-22', 'John Lasseter')");
        await _set.ImportMovieLensAsync();
        Assert.Equal("1995-11-22 John Lasseter 2", await _set.Database.ScalarAsync<string>(
            """
            SELECT string_agg(concat_ws(' ', release_date, director, rating_count), ',')
            FROM movies JOIN movie_stats ON movie_id = id WHERE title = 'Toy Story'
            """));
    }

    [Fact]
    public async Task Rating_that_is_there_stays()
    {
        await _set.ImportMovieLensAsync();
        await _set.Database.ExecuteAsync("UPDATE ratings SET value = 4");
        await _set.ImportMovieLensAsync();
        Assert.Equal("4,4,4", await _set.Database.ScalarAsync<string>("SELECT string_agg(value::text, ',') FROM ratings"));
    }

    [Fact]
    public async Task Account_that_can_log_in_gets_no_imported_ratings()
    {
        await _set.Database.LoadAsync(FixtureDatabase.Document("""
            "users": [{"normalized_user_name":"MOVIELENS-1","user_name":"movielens-1","display_name":"me","password_hash":"x"}]
            """));
        var rejected = await _set.ImportMovieLensAsync();
        Assert.Equal(
            [
                "ratings.csv, line 2: the account movielens-1 belongs to somebody who can log in",
                "ratings.csv, line 3: the account movielens-1 belongs to somebody who can log in",
            ],
            rejected);
        Assert.Equal(1, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM ratings"));
    }

    [Fact]
    public async Task Movie_that_cannot_be_imported_is_rejected_by_line_and_the_rest_comes()
    {
        (string Line, string? Reason)[] lines =
        [
            ("500,No Year,Drama", "no year in parentheses ends the title 'No Year'"),
            ("500,Too Old (1887),Drama", "the year 1887 is not between 1888 and 2100"),
            ("x,A Film (1990),Drama", "expected 3 fields"),
            ("500,A Film, The (1990),Drama", "expected 3 fields"),
            ("500,\"A Film (1990),Drama", "a quote is not closed on this line"),
            ("500,\"A\" Film (1990),Drama", "text stands after a closing quote"),
            ("1,Another (1990),Drama", "id 1 stands on line 2, too"),
            ("", null),
        ];
        _set.Write("movies.csv.gz", Movies + string.Concat(lines.Select(line => $"\n{line.Line}")) + "\n501,After (2000),Drama\n");
        File.Delete(_set.In("movies.csv"));
        AssertRejected("movies.csv", 6, lines, await _set.ImportMovieLensAsync());
        Assert.Equal(5, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM movies"));
    }

    [Fact]
    public async Task Rating_that_cannot_be_imported_is_rejected_by_line_and_the_rest_comes()
    {
        (string Line, string? Reason)[] lines =
        [
            ("1,1", "expected 4 fields"),
            ("3,1,5.5,1260759144", "the rating '5.5' is not one from 0.5 to 5.0 in halves"),
            ("3,1,0.7,1260759144", "the rating '0.7' is not one"),
            ("3,1,0,1260759144", "the rating '0' is not one"),
            ("3,1,5,yesterday", "the timestamp 'yesterday' is not a time"),
            ("3,999,5,1260759144", "there is no movie 999 in movies.csv"),
            ("2,1,5,1260759144", "the same user rated the same movie on line 4"),
        ];
        _set.Write(
            "ratings.csv",
            (Ratings + string.Concat(lines.Select(line => $"\n{line.Line}")) + "\n9,1,4.0,1260759144").ReplaceLineEndings("\r\n"));
        AssertRejected("ratings.csv", 5, lines, await _set.ImportMovieLensAsync());
        Assert.Equal(4, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM ratings"));
    }

    [Fact]
    public async Task Overlong_lines_and_other_encodings_are_rejected_by_line()
    {
        _set.Write(
            "movies.csv",
            [
                .. "\uFEFFmovieId,title,genres\n"u8, .. Encoding.Latin1.GetBytes("1,Amélie (2001),Drama\n"),
                .. "2,"u8, .. Encoding.ASCII.GetBytes(new string('x', 3_000_000)), .. "\n3,After (2000),Drama"u8,
            ]);
        _set.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,3,4.0,1260759144");
        Assert.Equal(
            ["movies.csv, line 2: the title is not valid UTF-8", "movies.csv, line 3: the line is longer than 256 KB"],
            await _set.ImportMovieLensAsync());
        Assert.Equal("After", await _set.Database.ScalarAsync<string>("SELECT string_agg(title, ',') FROM movies"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,Toy Story (1995),Drama\n")]
    [InlineData("movieId;title;genres\n")]
    public async Task File_with_another_header_is_refused(string content)
    {
        _set.Write("movies.csv", content);
        var failure = await Assert.ThrowsAsync<UserErrorException>(_set.ImportMovieLensAsync);
        Assert.Contains("its first line should name the columns movieId, title, genres", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_without_the_files_is_refused()
    {
        File.Delete(_set.In("ratings.csv"));
        var failure = await Assert.ThrowsAsync<UserErrorException>(_set.ImportMovieLensAsync);
        Assert.StartsWith("There is no ratings.csv or ratings.csv.gz in ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ratings.csv")]
    [InlineData("ratings.csv.gz")]
    public async Task Killed_import_continues_where_it_stopped_and_needs_no_memory_for_its_rows(string name)
    {
        // More ratings than are committed at once, and than the heap would hold.
        const int Users = 2_600;
        var ratings = new StringBuilder("userId,movieId,rating,timestamp\n");
        for (var rating = 0; rating < 100 * Users; rating++)
        {
            ratings.Append(CultureInfo.InvariantCulture, $"{rating / 100},{1000 + rating % 100},{0.5 + rating % 10 * 0.5},1260759144\n");
        }

        var movies = string.Concat(Enumerable.Range(1000, 100).Select(id => $"{id},Movie {id} (2000),Drama\n"));
        File.Delete(_set.In("ratings.csv"));
        _set.Write("movies.csv", "movieId,title,genres\n" + movies);
        _set.Write(name, ratings.ToString());

        await KillAsync(() => _set.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM import.progress WHERE file = 'ratings.csv')"));
        var status = await Worker.RunAsync(_set.Database.ConnectionString, "status", "--check");
        Assert.Equal(0, status.ExitCode);
        Assert.Contains(
            "An import of movielens is running or was interrupted; none of it is visible yet.", status.Output, StringComparison.Ordinal);
        await using (var obstacle = await TableInUse.TakeAsync(_set.Database.ConnectionString, "ratings"))
        {
            await KillAsync(obstacle.IsWaitedForAsync);
        }

        var result = await Worker.RunProcessAsync(_set.Database.ConnectionString, Worker.SmallHeap, "import", "movielens", _set.Path);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("ratings.csv: continuing after line 260,001.", result.Output, StringComparison.Ordinal);
        Assert.Equal(100 * Users, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM ratings"));
        Assert.Equal(0, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
    }

    // The lines stand below one another from the first on; without a reason a line is none to reject.
    private static void AssertRejected(string file, int first, (string Line, string? Reason)[] lines, string[] rejected)
    {
        var reasons = lines.Select((line, number) => (Number: number + first, line.Reason)).Where(line => line.Reason is not null).ToList();
        Assert.Equal(reasons.Count, rejected.Length);
        Assert.All(reasons, line => Assert.Contains(
            rejected, told => told.StartsWith($"{file}, line {line.Number}: {line.Reason}", StringComparison.Ordinal)));
    }

    private async Task KillAsync(Func<Task<bool>> when)
    {
        using var process = Worker.Start(_set.Database.ConnectionString, Worker.SmallHeap, "import", "movielens", _set.Path);
        await Eventually.SucceedsAsync(async () => Assert.True(await when()));
        process.Kill();
        await process.WaitForExitAsync();
    }
}
