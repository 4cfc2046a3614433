using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Import;

/// <summary>The command as its user sees it: what it tells, and how it ends.</summary>
public sealed partial class ImportCommandTests : IAsyncLifetime
{
    private const string Ratings = "userId,movieId,rating,timestamp\n1,1,4.0,1260759144\n1,2,4.0,1260759144\n2,1,9.0,1260759144\n";
    private const string Movies = "movieId,title,genres\n1,Toy Story (1995),Adventure\n2,No year,Drama\n3,Heat (1995),Crime\n";

    private DataSetFolder _set = null!;

    public async Task InitializeAsync()
    {
        _set = await DataSetFolder.CreateAsync();
        _set.Write("movies.csv", Movies);
        _set.Write("ratings.csv", Ratings);
    }

    public async Task DisposeAsync() => await _set.DisposeAsync();

    [Fact]
    public async Task Rejected_rows_end_in_exit_code_1_and_the_reason_unless_they_are_said_to_be_fine()
    {
        var result = await ImportAsync("movielens", _set.Path);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            "error: 3 rows were rejected, as listed above; the others are imported. --skip-rejects makes that exit code 0.",
            result.LastErrorLine);
        Assert.Equal(2, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM movies"));

        result = await ImportAsync("movielens", _set.Path, "--skip-rejects");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("rejected: ", result.LastErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summary_adds_up()
    {
        await _set.Database.ExecuteAsync("INSERT INTO movies (title, release_date) VALUES ('Heat', '1995-12-15')");
        foreach (var expected in new[]
        {
            new[] { "movies: 3 read = 1 inserted + 0 updated + 1 unchanged + 1 rejected.",
                "users: 1 read = 1 inserted + 0 updated + 0 unchanged + 0 rejected.",
                "ratings: 3 read = 1 inserted + 0 updated + 0 unchanged + 2 rejected." },
            ["movies: 3 read = 0 inserted + 0 updated + 2 unchanged + 1 rejected.",
                "users: 1 read = 0 inserted + 0 updated + 1 unchanged + 0 rejected.",
                "ratings: 3 read = 0 inserted + 0 updated + 1 unchanged + 2 rejected."],
        })
        {
            Assert.Equal(expected, Sums(await ImportAsync("movielens", _set.Path)));
        }
    }

    [Fact]
    public async Task Summary_of_IMDb_tells_what_was_no_movie()
    {
        _set.Write(
            "title.basics.tsv",
            """
            tconst	titleType	primaryTitle	originalTitle	isAdult	startYear	endYear	runtimeMinutes	genres
            tt1	movie	Heat	Heat	0	1995	\N	170	Crime
            tt2	short	Short	Short	0	1995	\N	1	Short
            tt3	movie	Ran	Ran	0	\N	\N	162	Drama
            tt4	movie	Up	Up	0	2009	\N	96	Drama

            """);
        _set.Write("title.ratings.tsv", "tconst\taverageRating\tnumVotes\ntt1\t8.3\t5\ntt2\t5.0\t5\ntt4\t99\t5\n");
        await _set.Database.ExecuteAsync("INSERT INTO movies (title, release_date) VALUES ('Heat', '1995-12-15')");
        var result = await ImportAsync("imdb", _set.Path);
        Assert.Equal(
            [
                "movies: 3 read = 1 inserted + 1 updated + 0 unchanged + 1 rejected; 1 other skipped.",
                "scores: 2 read = 1 inserted + 0 updated + 0 unchanged + 1 rejected; 1 other skipped.",
            ],
            Sums(result));
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("movielens")]
    [InlineData(null)]
    public async Task Dry_run_counts_and_rejects_and_writes_nothing(string? set)
    {
        var before = await _set.Database.DumpAsync();
        string[] arguments = set is null ? [_set.Path] : [set, _set.Path];
        var tried = await ImportAsync([.. arguments, "--dry-run"]);
        Assert.Equal(1, tried.ExitCode);
        Assert.Contains("Dry run: nothing was written.", tried.Output, StringComparison.Ordinal);
        Assert.Equal(before, await _set.Database.DumpAsync());
        Assert.Null(await _set.Database.ScalarAsync<string>("SELECT to_regnamespace('import')::text"));

        var done = await ImportAsync(arguments);
        Assert.Equal(Sums(tried), Sums(done));
        Assert.Equal(
            tried.Error.Split('\n').Where(line => line.StartsWith("rejected", StringComparison.Ordinal)),
            done.Error.Split('\n').Where(line => line.StartsWith("rejected", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Twin_of_a_file_is_refused()
    {
        _set.Write("ratings.csv.gz", Ratings);
        var result = await ImportAsync("movielens", _set.Path);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("holds both ratings.csv and ratings.csv.gz", result.LastErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_cannot_be_read_is_refused_with_a_hint()
    {
        (byte[] Content, string Hint)[] files =
        [
            ([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Movies)], "is UTF-16 text; save it as UTF-8"),
            (Encoding.Unicode.GetBytes(Movies), "is UTF-16 text; save it as UTF-8"),
            (Encoding.BigEndianUnicode.GetBytes(Movies), "is UTF-16 text; save it as UTF-8"),
            (Encoding.UTF8.GetBytes(Movies.Replace('\n', '\r')), "its lines end with CR alone"),
            (Encoding.UTF8.GetBytes(Movies.Replace(',', ';')), "its columns are separated by ';'"),
            (Encoding.UTF8.GetBytes(Movies.Replace(',', '\t')), "its columns are separated by tabs"),
            (Gzip(Gzip(Encoding.UTF8.GetBytes(Movies))), "is packed with gzip twice"),
            ([0x50, 0x4B, 3, 4, 0, 0], "is a zip archive; unpack it first"),
            ([0x28, 0xB5, 0x2F, 0xFD, 0, 0], "is packed with zstd; unpack it first"),
            ([], "is empty"),
        ];
        foreach (var (content, hint) in files)
        {
            _set.Write("movies.csv", content);
            var result = await ImportAsync("movielens", _set.Path);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(hint, result.LastErrorLine, StringComparison.Ordinal);
            Assert.Contains("movies.csv", result.LastErrorLine, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("damaged", "the gzip data is damaged or cut off")]
    [InlineData("size", "the gzip data is damaged or cut off")]
    [InlineData("cut", "the gzip data is damaged or cut off")]
    [InlineData("trailing", "something that is not gzip follows the gzip data")]
    public async Task Damaged_gzip_is_told_as_such(string damage, string reason)
    {
        _set.Write("ratings.csv.gz", Ratings);
        File.Delete(_set.In("ratings.csv"));
        var bytes = await File.ReadAllBytesAsync(_set.In("ratings.csv.gz"));
        switch (damage)
        {
            case "damaged":
                bytes[^6] ^= 1;
                break;
            case "size":
                bytes[^1] ^= 1;
                break;
            case "cut":
                bytes = bytes[..^3];
                break;
            default:
                bytes = [.. bytes, .. "and more"u8];
                break;
        }

        await File.WriteAllBytesAsync(_set.In("ratings.csv.gz"), bytes);
        var result = await ImportAsync("movielens", _set.Path);
        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith(reason + ".", result.LastErrorLine, StringComparison.Ordinal);
        Assert.Equal(0, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM movies"));
    }

    [Fact]
    public async Task Gzip_in_several_members_is_read_to_its_end()
    {
        _set.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,1260759144\n");
        _set.Write("ratings.csv.gz", "userId,movieId,rating,timestamp\n1,1,4.0,1260759144\n");
        File.Delete(_set.In("ratings.csv"));
        var first = await File.ReadAllBytesAsync(_set.In("ratings.csv.gz"));
        _set.Write("ratings.csv.gz", "2,1,5.0,1260759144\n");
        await File.WriteAllBytesAsync(
            _set.In("ratings.csv.gz"), [.. first, .. await File.ReadAllBytesAsync(_set.In("ratings.csv.gz")), 0, 0, 0]);
        await ImportAsync("movielens", _set.Path);
        Assert.Equal(2, await _set.Database.ScalarAsync<long>("SELECT count(*) FROM ratings"));
    }

    private Task<ProcessResult> ImportAsync(params string[] arguments) =>
        Worker.RunAsync(_set.Database.ConnectionString, ["import", .. arguments]);

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }

    private static string[] Sums(ProcessResult result)
    {
        var sums = result.Output.Split('\n').Where(line => line.Contains(" read = ", StringComparison.Ordinal)).ToArray();
        Assert.All(sums, line =>
        {
            var numbers = Number().Matches(line.Split(';')[0]).Select(match => int.Parse(match.Value, null)).ToArray();
            Assert.Equal(numbers[0], numbers[1..].Sum());
        });
        return sums;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
