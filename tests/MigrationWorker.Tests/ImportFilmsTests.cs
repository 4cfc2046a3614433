namespace MovieAspire.MigrationWorker.Tests;

public sealed class ImportFilmsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("films-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string Films = """
        [{ "Title": "The Matrix", "Release Date": "Mar 31 1999", "Distributor": "Nobody", "Running Time min": 136 },
         { "Title": "A film that is new", "Release Date": "Jan 02 2003", "Major Genre": "Romantic Comedy" },
         { "Title": null, "Release Date": "Jan 02 2003" }]
        """;

    [Fact]
    public async Task New_films_are_added_gaps_filled_and_nothing_overwritten()
    {
        await using var database = await SeededDatabase.CreateAsync();
        await Sql.ExecuteAsync(database.ConnectionString, "UPDATE movies SET runtime_minutes = NULL, distributor = 'Somebody' WHERE title = 'The Matrix'");
        var file = await WriteAsync(Films);

        var result = await Worker.RunAsync(database.ConnectionString, "import", "films", file);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("row 3 rejected: (no title): there is no title", result.Output, StringComparison.Ordinal);
        Assert.Contains("Added 1 films, filled gaps in 1.", result.Output, StringComparison.Ordinal);
        Assert.Equal("136 Somebody", await Sql.ScalarAsync<string>(
            database.ConnectionString, "SELECT runtime_minutes || ' ' || distributor FROM movies WHERE title = 'The Matrix'"));
        Assert.Equal("Comedy,Romance", await Sql.ScalarAsync<string>(
            database.ConnectionString,
            """
            SELECT string_agg(name, ',' ORDER BY name COLLATE "C") FROM genres JOIN movie_genres ON genre_id = genres.id
            JOIN movies ON movie_id = movies.id WHERE title = 'A film that is new'
            """));
    }

    [Fact]
    public async Task A_file_that_is_no_array_of_films_is_refused()
    {
        await using var database = await SeededDatabase.CreateAsync();
        var result = await Worker.RunAsync(database.ConnectionString, "import", "films", await WriteAsync("[{ \"Title\": \"Half"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is not a JSON array of film facts", result.LastErrorLine, StringComparison.Ordinal);
    }

    private async Task<string> WriteAsync(string json)
    {
        var file = Path.Combine(_folder, "movies.json");
        await File.WriteAllTextAsync(file, json);
        return file;
    }
}
