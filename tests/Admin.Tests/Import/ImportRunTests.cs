using MovieAspire.Admin.Import;
using MovieAspire.Admin.SignIn;
using MovieAspire.Admin.Tests.Support;

namespace MovieAspire.Admin.Tests.Import;

public sealed class ImportRunTests
{
    [Fact]
    public void Import_of_a_page_is_for_its_user_only()
    {
        var runs = new ImportRuns(null!);
        var ann = new SignedInUser(1, "Ann", "ann@example.com", IsAdmin: true);
        var run = runs.Add(
            new ApiSession(ann, new(null, null), new() { AccessToken = "a", RefreshToken = "r" }, null!, new AdvancedClock()), isDryRun: true);

        Assert.Same(run, runs.Find(run.Id, ann));
        Assert.Null(runs.Find(run.Id, ann with { Id = 2 }));
        runs.Remove(run);
        Assert.Null(runs.Find(run.Id, ann));
    }
}
