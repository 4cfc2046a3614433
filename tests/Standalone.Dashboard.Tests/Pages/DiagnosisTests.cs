using MovieAspire.Standalone.Dashboard.Pages.Resources;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Tests.Support;

namespace MovieAspire.Standalone.Dashboard.Tests.Pages;

public sealed class DiagnosisTests
{
    private static readonly ResourceSnapshot Api = TestResources.Running("api") with
    {
        State = "Waiting",
        Tone = StateTone.Busy,
        Waits = [new ResourceWait("migrations", WaitCondition.Completed)],
    };

    [Fact]
    public void A_failed_migration_explains_why_the_api_waits()
    {
        var migrations = TestResources.Running("migrations") with { State = "Exited", Tone = StateTone.Bad, ExitCode = 1, StoppedAt = DateTime.UtcNow };

        Assert.Equal(new Cause("migrations ended with exit code 1.", "migrations", true), Assert.Single(Diagnosis.Of(migrations, [migrations, Api])));
        Assert.Equal(
            new Cause("api waits for migrations to complete, but migrations ended with exit code 1.", "migrations", true),
            Assert.Single(Diagnosis.Of(Api, [migrations, Api])));
    }

    [Fact]
    public void Waiting_for_what_is_on_its_way_is_no_problem()
    {
        var migrations = TestResources.Running("migrations");

        Assert.Equal(new Cause("api waits for migrations to complete.", "migrations", false), Assert.Single(Diagnosis.Of(Api, [migrations, Api])));
    }

    [Fact]
    public void A_failing_health_check_is_named_with_its_reason()
    {
        var api = TestResources.Running("api") with { Tone = StateTone.Warning, Health = [new HealthReport("ready", false, "503")] };

        Assert.Equal("api is not healthy: the check ready says 503.", Assert.Single(Diagnosis.Of(api, [api])).Text);
    }

    [Fact]
    public void What_runs_as_it_should_needs_no_words() => Assert.Empty(Diagnosis.Of(TestResources.Running("api"), []));

    [Fact]
    public void A_circle_of_references_is_drawn()
    {
        var layout = new GraphLayout([TestResources.Running("a") with { References = ["b"] }, TestResources.Running("b") with { References = ["a"] }]);

        Assert.Equal(2, layout.Nodes.Count);
    }
}
