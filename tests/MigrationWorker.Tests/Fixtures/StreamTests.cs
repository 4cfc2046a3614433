using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

/// <summary>Dump and load between pipes, devices and links, as a shell offers them.</summary>
public sealed class StreamTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("movieaspire-streams-");

    private FixtureDatabase _source = null!;
    private FixtureDatabase _target = null!;

    public async Task InitializeAsync()
    {
        _source = await FixtureDatabase.CreateAsync();
        await BulkData.FillAsync(_source.ConnectionString, movies: 40, users: 50);
        _target = await FixtureDatabase.CreateAsync();
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [RequiresFact(Tool.Linux)]
    public async Task Pipes_are_written_and_read()
    {
        foreach (var script in new[]
        {
            "dump - > out.json", "dump /dev/fd/1 > out.json", "dump - | cat > out.json", "dump >(cat > out.json); wait $!",
            "mkfifo pipe; cat pipe > out.json & dump pipe; wait; rm pipe",
        })
        {
            var (exitCode, _, error) = await RunAsync(script.Replace("dump", "w source dump", StringComparison.Ordinal));
            Assert.True(exitCode == 0, $"{script}: {error}");
            await Eventually.SucceedsAsync(
                async () => Assert.Equal(await _source.DumpAsync(), await File.ReadAllTextAsync(In("out.json"))));
            File.Delete(In("out.json"));
        }

        await File.WriteAllTextAsync(In("in.json"), await _source.DumpAsync());
        foreach (var script in new[]
        {
            "load - < in.json", "cat in.json | load /dev/stdin", "load <(cat in.json)", "gzip -c in.json | load -",
            "mkfifo pipe; cat in.json > pipe & load pipe; wait; rm pipe",
        })
        {
            var (exitCode, output, error) = await RunAsync(script.Replace("load", "w target load", StringComparison.Ordinal));
            Assert.True(exitCode == 0, $"{script}: {error}");
            Assert.Contains("ratings: 2,000 read = ", output, StringComparison.Ordinal);
            Assert.Equal(await _source.DumpAsync(), await _target.DumpAsync());
        }
    }

    [RequiresFact(Tool.Linux)]
    public async Task Devices_are_written_to_and_never_replaced()
    {
        // Paths of which a test that goes wrong cannot replace a device of the machine.
        var (exitCode, _, error) = await RunAsync("w source dump /dev/fd/3 3> /dev/null");
        Assert.Equal((0, ""), (exitCode, error));

        (exitCode, _, error) = await RunAsync("w source dump - > /dev/full");
        Assert.Equal(2, exitCode);
        Assert.Contains("No space left on device", error, StringComparison.Ordinal);

        (exitCode, _, error) = await RunAsync("w source dump - | head --bytes=10 > /dev/null; exit ${PIPESTATUS[0]}");
        Assert.Equal(2, exitCode);
        Assert.Contains("The program that reads it has ended before the end", error, StringComparison.Ordinal);

        (exitCode, _, error) = await RunAsync("w target load /dev/null");
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);

        await using var output = OutputFile.Create("/dev/null");
        Assert.Equal("/dev/null", Assert.IsType<FileStream>(output.Content).Name);
    }

    [Fact]
    public async Task Link_is_followed_and_stays()
    {
        await File.WriteAllTextAsync(In("real.json"), "old");
        File.CreateSymbolicLink(In("link.json"), "real.json");
        File.CreateSymbolicLink(In("ahead.json"), "new.json");
        foreach (var (link, file) in new[] { ("link.json", "real.json"), ("ahead.json", "new.json") })
        {
            Assert.Equal(0, (await Worker.RunAsync(_source.ConnectionString, "dump", In(link))).ExitCode);
            Assert.Equal(file, new FileInfo(In(link)).LinkTarget);
            Assert.Equal(await _source.DumpAsync(), await File.ReadAllTextAsync(In(file)));
        }
    }

    [Theory]
    [InlineData("dump")]
    [InlineData("load")]
    public async Task Folder_is_refused(string command)
    {
        var result = await Worker.RunAsync(_source.ConnectionString, command, _folder.FullName);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is a folder", result.LastErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dry_run_of_a_load_counts_and_rejects_and_writes_nothing()
    {
        await File.WriteAllTextAsync(In("in.json"), await _source.DumpAsync());
        var before = await _target.DumpAsync();
        var tried = await Worker.RunAsync(_target.ConnectionString, "load", In("in.json"), "--dry-run");
        Assert.Equal((0, ""), (tried.ExitCode, tried.Error));
        Assert.Contains(
            "ratings: 2,000 read = 2,000 inserted + 0 updated + 0 unchanged + 0 rejected.", tried.Output, StringComparison.Ordinal);
        Assert.EndsWith("Dry run: nothing was written. Would load in.json.", tried.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(before, await _target.DumpAsync());

        await File.WriteAllTextAsync(In("bad.json"), FixtureDatabase.Document(""" "genres": [{"name":""},{"name":"x"}] """));
        tried = await Worker.RunAsync(_target.ConnectionString, "load", In("bad.json"), "--dry-run");
        Assert.Equal(2, tried.ExitCode);
        Assert.Contains("rejected: genres, line 5", tried.Error, StringComparison.Ordinal);
        Assert.Contains("so nothing would be loaded", tried.LastErrorLine, StringComparison.Ordinal);
        tried = await Worker.RunAsync(_target.ConnectionString, "load", In("bad.json"), "--dry-run", "--skip-rejects");
        Assert.Equal(0, tried.ExitCode);
        Assert.Contains("genres: 2 read = 1 inserted + 0 updated + 0 unchanged + 1 rejected.", tried.Output, StringComparison.Ordinal);
        Assert.Equal(before, await _target.DumpAsync());
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string script)
    {
        var dotnet = Worker.Describe("", "x").ArgumentList;
        var start = Testing.Cli.Command("bash", "-c", $$"""
            w() { ConnectionStrings__moviedb="${!1}" dotnet exec '{{dotnet[1]}}' "${@:2}"; }
            {{script}}
            """);
        start.WorkingDirectory = _folder.FullName;
        start.Environment["source"] = _source.ConnectionString;
        start.Environment["target"] = _target.ConnectionString;
        var result = await start.RunAsync();
        return (result.ExitCode, result.Output, result.Error);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
