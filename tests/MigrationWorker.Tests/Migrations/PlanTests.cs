using MovieAspire.Data.Migrations;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Migrations;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

public sealed class PlanTests
{
    private static readonly MigrationState Current = new(MigrationScript.All, [.. MigrationScript.All.Select(script => script.Id)], new Dictionary<string, string>());
    private static readonly MigrationState Empty = new(MigrationScript.All, [], new Dictionary<string, string>());

    [Fact]
    public void To_the_latest_is_what_is_pending()
    {
        Assert.Empty(MigrationPlan.ToLatest(Current));
        Assert.Equal(MigrationScript.All.Select(script => (script.Id, true)), MigrationPlan.ToLatest(Empty).Select(step => (step.Script.Id, step.IsUp)));
    }

    [Fact]
    public void To_nothing_takes_back_everything_newest_first() => Assert.Equal(
        MigrationScript.All.Reverse().Select(script => (script.Id, false)),
        MigrationPlan.To(Current, MigrationPlan.Nothing).Select(step => (step.Script.Id, step.IsUp)));

    [Fact]
    public void A_migration_is_found_by_its_name_and_by_its_id()
    {
        Assert.Equal(MigrationScript.All[0].Id, MigrationPlan.To(Empty, "Initial").Single().Script.Id);
        Assert.Equal(MigrationScript.All[0].Id, MigrationPlan.To(Empty, MigrationScript.All[0].Id).Single().Script.Id);
        Assert.Contains("There is no migration 'Final'", Assert.Throws<UserErrorException>(() => MigrationPlan.To(Empty, "Final")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_newer_build_applied_is_not_taken_back_from_under_it()
    {
        var newer = new MigrationState(MigrationScript.All, [.. Current.Applied, "29991231000000_Newer"], new Dictionary<string, string>());
        var refused = Assert.Throws<UserErrorException>(() => MigrationPlan.Rollback(newer, 1));
        Assert.Contains("29991231000000_Newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_is_a_script_that_makes_the_schema()
    {
        await using var database = await TestDatabase.CreateAsync();
        var plan = await Worker.RunAsync(database.ConnectionString, "plan");
        Assert.Equal((0, ""), (plan.ExitCode, plan.Error));
        Assert.Contains("-- lock: SHARE on movies", plan.Output, StringComparison.Ordinal);

        await Sql.ExecuteAsync(database.ConnectionString, plan.Output);

        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        Assert.Equal(SchemaCatalog.OfThisBuild(), await SchemaCatalog.ReadAsync(connection));
    }
}
