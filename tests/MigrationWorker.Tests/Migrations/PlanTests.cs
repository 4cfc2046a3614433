using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Migrations;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

public sealed class PlanTests
{
    [Theory]
    [InlineData(0, "+First +Second +Third +Fourth")]
    [InlineData(2, "+Third +Fourth")]
    [InlineData(4, "")]
    public void Latest_is_reached_by_what_is_pending_oldest_first(int applied, string steps) =>
        Assert.Equal(steps, MigrationPlan.ToLatest(FakeMigrations.After(applied)).Describe());

    [Theory]
    [InlineData(0, "Second", "+First +Second")]
    [InlineData(1, "Third", "+Second +Third")]
    [InlineData(4, "Second", "-Fourth -Third")]
    [InlineData(2, "Second", "")]
    [InlineData(3, MigrationPlan.Nothing, "-Third -Second -First")]
    [InlineData(0, MigrationPlan.Nothing, "")]
    public void Migration_is_reached_forwards_oldest_first_and_backwards_newest_first(int applied, string name, string steps) =>
        Assert.Equal(steps, MigrationPlan.To(FakeMigrations.After(applied), name).Describe());

    [Theory]
    [InlineData(4, 1, "-Fourth")]
    [InlineData(4, 3, "-Fourth -Third -Second")]
    [InlineData(2, 3, "-Second -First")]
    [InlineData(0, 1, "")]
    public void Rollback_takes_back_the_last_ones_newest_first(int applied, int count, string steps) =>
        Assert.Equal(steps, MigrationPlan.Rollback(FakeMigrations.After(applied), count).Describe());

    [Fact]
    public void Migration_that_was_passed_over_is_pending_and_runs_at_its_place()
    {
        var state = FakeMigrations.After(4);
        var gap = new MigrationState(
            state.Scripts, [.. state.Applied.Where(id => !id.EndsWith("Second", StringComparison.Ordinal))], state.Checksums);
        Assert.Equal("+Second", MigrationPlan.ToLatest(gap).Describe());
        Assert.Equal("-Fourth +Second", MigrationPlan.To(gap, "Third").Describe());
    }

    [Fact]
    public void Migration_is_found_by_its_name_and_by_its_id()
    {
        var empty = FakeMigrations.After(0);
        Assert.Equal("+First +Second +Third", MigrationPlan.To(empty, "Third").Describe());
        Assert.Equal("+First +Second +Third", MigrationPlan.To(empty, FakeMigrations.Four[2].Id).Describe());
        var refused = Assert.Throws<UserErrorException>(() => MigrationPlan.To(empty, "Final"));
        Assert.Contains(
            "There is no migration 'Final'. This build has: nothing, 29990101000000_First, ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Point_that_a_newer_build_has_passed_is_not_where_the_database_is()
    {
        var newer = new MigrationState(
            [.. FakeMigrations.Four.Take(2)], [.. FakeMigrations.Four.Select(script => script.Id)], new Dictionary<string, string>());
        Assert.Throws<UserErrorException>(() => MigrationPlan.To(newer, "Second"));
        Assert.Throws<UserErrorException>(() => MigrationPlan.Rollback(newer with { Scripts = [] }, 1));
        Assert.Empty(MigrationPlan.ToLatest(newer));
    }

    [Fact]
    public void Migration_of_a_newer_build_is_not_rolled_back_by_this_one()
    {
        var newer = new MigrationState(
            FakeMigrations.Four, [.. FakeMigrations.After(4).Applied, "29991231000000_Newer"], new Dictionary<string, string>());
        foreach (var refused in new[]
        {
            Assert.Throws<UserErrorException>(() => MigrationPlan.Rollback(newer, 1)),
            Assert.Throws<UserErrorException>(() => MigrationPlan.To(newer, "First")),
        })
        {
            Assert.Contains("29991231000000_Newer", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Script_changed_after_it_was_applied_differs_from_one_that_another_tool_applied()
    {
        var state = new MigrationState(
            FakeMigrations.Four, FakeMigrations.After(3).Applied, new Dictionary<string, string> { [FakeMigrations.Four[0].Id] = "other" });
        Assert.Equal([FakeMigrations.Four[0].Id], state.Changed);
        Assert.Equal([FakeMigrations.Four[1].Id, FakeMigrations.Four[2].Id], state.NotRecorded);
        Assert.Equal([FakeMigrations.Four[3].Id], state.Pending.Select(script => script.Id));
    }
}
