using MovieAspire.MigrationWorker.Migrations;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

/// <summary>What <c>plan</c> prints, run by <c>psql</c>.</summary>
public sealed class PlanScriptTests : IAsyncLifetime
{
    private const int StoppedByError = 3;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("movieaspire-plan-");
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _database.DisposeAsync();
    }

    [RequiresFact(Tool.Psql)]
    public async Task Script_leaves_a_database_as_the_worker_does_in_both_directions()
    {
        var plan = await OkAsync("plan");
        Assert.Contains("-- lock: SHARE on movies", plan, StringComparison.Ordinal);
        Assert.Equal(0, (await PsqlAsync(plan)).ExitCode);
        await OkAsync("status", "--check");
        await OkAsync("verify");
        Assert.Equal("Up to date: nothing to do.", (await OkAsync("up", "--seed", "none")).Trim());
        await OkAsync("rollback", "--yes");

        var back = await OkAsync("plan", "--to", MigrationPlan.Nothing);
        Assert.Contains("-- warning: loses roles: 3 rows", back, StringComparison.Ordinal);
        Assert.Equal(0, (await PsqlAsync(back)).ExitCode);
        Assert.DoesNotContain("applied", await OkAsync("status"), StringComparison.Ordinal);
        await OkAsync("up", "--seed", "none");
        await OkAsync("verify");
    }

    [RequiresFact(Tool.Psql)]
    public async Task Script_that_fails_in_its_middle_leaves_whole_migrations()
    {
        var plan = await OkAsync("plan");
        await OkAsync("migrate", "--to", MigrationPlan.Nothing);
        await ExecuteAsync("CREATE TABLE movie_changes (mine text)");

        var failed = await PsqlAsync(plan);

        Assert.Equal(StoppedByError, failed.ExitCode);
        Assert.Contains("relation \"movie_changes\" already exists", failed.Error, StringComparison.Ordinal);
        var status = await OkAsync("status");
        Assert.Contains("applied  20261126172505_ProfilePrivacy", status, StringComparison.Ordinal);
        Assert.Contains("pending  20261126172512_MovieChanges", status, StringComparison.Ordinal);
        Assert.DoesNotContain("another tool", status, StringComparison.Ordinal);
        await ExecuteAsync("DROP TABLE movie_changes");
        Assert.Equal(0, (await PsqlAsync(await OkAsync("plan"))).ExitCode);
        await OkAsync("verify");
    }

    [RequiresFact(Tool.Psql)]
    public async Task Script_that_failed_to_build_an_index_concurrently_goes_on_in_the_next()
    {
        await OkAsync("migrate", "--to", "ExternalIds");
        await ExecuteAsync(
            "INSERT INTO movies (title, release_date, tmdb_id) VALUES ('One', '2001-01-01', 7), ('Another', '2002-02-02', 7)");
        var failed = await PsqlAsync(await OkAsync("plan"));
        Assert.Equal(StoppedByError, failed.ExitCode);
        Assert.Contains("could not create unique index", failed.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await Worker.RunAsync(_database.ConnectionString, "status", "--check")).ExitCode);

        await ExecuteAsync("UPDATE movies SET tmdb_id = 8 WHERE title = 'Another'");
        var built = await OidAsync("ix_users_trigrams");
        Assert.Equal(0, (await PsqlAsync(await OkAsync("plan"))).ExitCode);
        Assert.Equal(built, await OidAsync("ix_users_trigrams"));
        await OkAsync("verify");
    }

    [RequiresFact(Tool.Psql)]
    public async Task Script_does_not_run_beside_a_worker()
    {
        var plan = await OkAsync("plan");
        await using var worker = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await worker.OpenAsync();
        await worker.ExecuteAsync("SELECT pg_advisory_lock($1)", MigrationWorker.Database.WorkerLock.Key);

        var refused = await PsqlAsync(plan);

        Assert.Equal(StoppedByError, refused.ExitCode);
        Assert.Contains("A worker is at work on this database", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("applied", await OkAsync("status"), StringComparison.Ordinal);
    }

    private async Task<ProcessResult> PsqlAsync(string script)
    {
        var file = Path.Combine(_folder.FullName, "plan.sql");
        await File.WriteAllTextAsync(file, script);
        var target = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        return await Testing.Cli.RunAsync(
            "psql", "--no-psqlrc", "--quiet", $"--file={file}",
            $"postgresql://{target.Username}:{target.Password}@{target.Host}:{target.Port}/{target.Database}");
    }

    private async Task<string> OkAsync(params string[] arguments)
    {
        var result = await Worker.RunAsync(_database.ConnectionString, arguments);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    private Task ExecuteAsync(string sql) => Sql.ExecuteAsync(_database.ConnectionString, sql);

    private Task<uint> OidAsync(string index) =>
        Sql.ScalarAsync<uint>(_database.ConnectionString, "SELECT $1::regclass::oid", index)!;
}
