using System.IO.Compression;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

/// <summary>The commands as real processes.</summary>
public sealed class DumpAndLoadCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("movieaspire-fixtures-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Packed_dump_loads()
    {
        await using var seeded = await SeededDatabase.CreateSmallAsync();
        await using var other = await FixtureDatabase.CreateAsync();
        var file = In("seed.json.gz");

        Assert.Equal((0, ""), Outcome(await Worker.RunAsync(seeded.ConnectionString, "dump", file)));
        Assert.Equal((0, ""), Outcome(await Worker.RunAsync(other.ConnectionString, "load", file)));

        using var unpacked = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        Assert.Equal(await unpacked.ReadToEndAsync(), await other.DumpAsync());
        Assert.Equal([file], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Packed_dump_that_was_cut_off_loads_nothing()
    {
        await using var seeded = await SeededDatabase.CreateSmallAsync();
        await using var other = await FixtureDatabase.CreateAsync();
        await Worker.RunAsync(seeded.ConnectionString, "dump", In("seed.json.gz"));
        var bytes = await File.ReadAllBytesAsync(In("seed.json.gz"));
        await File.WriteAllBytesAsync(In("half.json.gz"), bytes[..(bytes.Length / 2)]);

        var result = await Worker.RunAsync(other.ConnectionString, "load", In("half.json.gz"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Nothing was loaded.", result.LastErrorLine, StringComparison.Ordinal);
        Assert.Equal(0, await other.ScalarAsync<long>("SELECT count(*) FROM genres"));
    }

    [Fact]
    public async Task Rejects_are_listed_and_counted()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await File.WriteAllTextAsync(In("bad.json"), FixtureDatabase.Document(""" "genres": [{"name":""},{"name":"x"},{"nam":"x"}] """));

        var result = await Worker.RunAsync(database.ConnectionString, "load", In("bad.json"), "--rejects", In("rejects.txt"));

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            "error: 2 records of bad.json rejected, so nothing was loaded. Fix the file, or load the rest with --skip-rejects.",
            result.LastErrorLine);
        Assert.Equal(2, (await File.ReadAllLinesAsync(In("rejects.txt"))).Length);
        Assert.Equal(0, (await Worker.RunAsync(database.ConnectionString, "load", In("bad.json"), "--skip-rejects")).ExitCode);
        Assert.Equal("x", await database.ScalarAsync<string>("SELECT string_agg(name, ',') FROM genres"));
    }

    [Theory]
    [InlineData("movies")]
    [InlineData("ratings")]
    [InlineData("favorites")]
    public async Task Killed_load_leaves_nothing_and_can_be_run_again(string before)
    {
        await using var source = await FixtureDatabase.CreateAsync();
        await BulkData.FillAsync(source.ConnectionString, movies: 60, users: 50);
        await using var database = await FixtureDatabase.CreateAsync();
        await File.WriteAllTextAsync(In("bulk.json"), await source.DumpAsync());

        await using (var obstacle = await TableInUse.TakeAsync(database.ConnectionString, before))
        {
            using var process = Worker.Start(database.ConnectionString, "load", In("bulk.json"));
            await Eventually.HoldsAsync(obstacle.IsWaitedForAsync, $"the load has come to {before}");
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.Equal(0, (await Worker.RunAsync(database.ConnectionString, "load", In("bulk.json"))).ExitCode);
        Assert.Equal(await source.DumpAsync(), await database.DumpAsync());
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
    }

    [Fact]
    public async Task Killed_dump_leaves_no_file_of_that_name()
    {
        await using var source = await FixtureDatabase.CreateAsync();
        await BulkData.FillAsync(source.ConnectionString, movies: 10, users: 10);
        await using var obstacle = await TableInUse.TakeAsync(source.ConnectionString, "favorites", "ACCESS EXCLUSIVE");
        using var process = Worker.Start(source.ConnectionString, "dump", In("whole.json"));
        await Eventually.HoldsAsync(obstacle.IsWaitedForAsync, "the dump has come to the favorites");
        process.Kill();
        await process.WaitForExitAsync();
        Assert.Equal((true, false), (File.Exists(In(".whole.json.partial")), File.Exists(In("whole.json"))));
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_rows()
    {
        await using var source = await FixtureDatabase.CreateAsync();
        await BulkData.FillAsync(source.ConnectionString, movies: 500, users: 200);
        await using var database = await FixtureDatabase.CreateAsync();

        Assert.Equal((0, ""), Outcome(await Worker.RunProcessAsync(source.ConnectionString, Worker.SmallHeap, "dump", In("many.json"))));
        Assert.Equal((0, ""), Outcome(await Worker.RunProcessAsync(database.ConnectionString, Worker.SmallHeap, "load", In("many.json"))));

        Assert.True(new FileInfo(In("many.json")).Length > 5 * Worker.SmallHeapSize / 4, "the file is too small to tell");
        Assert.Equal(100_000, await database.ScalarAsync<long>("SELECT count(*) FROM ratings"));
    }

    private static (int ExitCode, string Error) Outcome(ProcessResult result) => (result.ExitCode, result.Error);

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
