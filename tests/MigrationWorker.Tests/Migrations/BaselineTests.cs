using MovieAspire.Data.Migrations;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

/// <summary>Databases that another tool migrated: <c>baseline</c> and <c>repair</c>.</summary>
public sealed class BaselineTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.AtSchemaAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("DELETE FROM applied_migrations")]
    [InlineData("DELETE FROM applied_migrations; DELETE FROM \"__EFMigrationsHistory\"; CREATE TABLE flyway_schema_history (id integer)")]
    [InlineData("DROP TABLE \"__EFMigrationsHistory\", applied_migrations, applied_seeds; CREATE TABLE databasechangelog (id text)")]
    public async Task Baseline_records_a_database_that_is_at_this_schema(string otherTool)
    {
        await ExecuteAsync(otherTool);
        Assert.Equal(1, (await RunAsync("verify")).ExitCode);
        await OkAsync("baseline");
        await OkAsync("status", "--check");
        await OkAsync("verify");
        Assert.Contains("nothing to do", (await OkAsync("up", "--seed", "none")).Output, StringComparison.Ordinal);
        await OkAsync("rollback", "--yes");
        await OkAsync("up", "--seed", "none");
        Assert.Contains("nothing to do", (await OkAsync("baseline")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Baseline_records_nothing_where_the_schema_differs()
    {
        await ExecuteAsync("DELETE FROM applied_migrations; DELETE FROM \"__EFMigrationsHistory\"; DROP INDEX ix_movies_release_date_id");
        var refused = await RunAsync("baseline");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("index movies.ix_movies_release_date_id is missing; fix: CREATE INDEX", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was recorded", refused.LastErrorLine, StringComparison.Ordinal);
        Assert.DoesNotContain("applied", (await OkAsync("status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Baseline_at_an_earlier_migration_lets_up_do_the_rest()
    {
        await OkAsync("migrate", "--to", "MovieChanges");
        await ExecuteAsync("DROP TABLE \"__EFMigrationsHistory\", applied_migrations");
        Assert.Equal(1, (await RunAsync("baseline", "--to", "ProfilePrivacy")).ExitCode);
        await OkAsync("baseline", "--to", "MovieChanges");
        Assert.Contains("pending  20261126172518_ExternalIds", (await OkAsync("status")).Output, StringComparison.Ordinal);
        await OkAsync("up", "--seed", "none");
        await OkAsync("verify");
        Assert.Contains("which comes after", (await RunAsync("baseline", "--to", "MovieChanges")).LastErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repair_corrects_checksums_when_the_schema_is_right_and_somebody_says_yes()
    {
        const string Changed = "UPDATE applied_migrations SET checksum = 'another' WHERE migration_id LIKE '%Initial'";
        await ExecuteAsync(Changed);
        var asked = await RunAsync("repair");
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("applied with checksum another, this build has", asked.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("verify")).ExitCode);

        await OkAsync("repair", "--yes");
        await OkAsync("verify");

        await ExecuteAsync(Changed + "; ALTER TABLE movies DROP COLUMN budget CASCADE");
        var refused = await RunAsync("repair", "--yes");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("column movies.budget is missing", refused.Error, StringComparison.Ordinal);
        Assert.Equal(
            1, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM applied_migrations WHERE checksum = 'another'"));
    }

    [Fact]
    public async Task Migration_that_another_tool_took_back_gets_its_checksum_when_it_is_applied_again()
    {
        var last = MigrationScript.All[^1];
        await ExecuteAsync(last.Down + $"UPDATE applied_migrations SET checksum = 'another' WHERE migration_id = '{last.Id}'");
        await OkAsync("up", "--seed", "none");
        await OkAsync("verify");
    }

    private Task ExecuteAsync(string sql) => Sql.ExecuteAsync(_database.ConnectionString, sql);

    private Task<ProcessResult> RunAsync(params string[] arguments) => Worker.RunAsync(_database.ConnectionString, arguments);

    private async Task<ProcessResult> OkAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result;
    }
}
