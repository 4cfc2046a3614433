namespace MovieAspire.Testing.Tests;

public sealed class PostgresServerTests
{
    [RequiresTheory(Tool.Npm)]
    [InlineData("16", 16)]
    [InlineData("17", 17)]
    [InlineData("18", 18)]
    public async Task Major_version_that_is_chosen_is_found_or_fetched(string chosen, int major) =>
        Assert.Equal(major, (await PostgresServer.FindInstallationAsync(chosen)).Major);

    [RequiresFact(Tool.Npm)]
    public async Task Major_version_that_nobody_has_is_told()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresServer.FindInstallationAsync("14"));

        Assert.StartsWith("There is no PostgreSQL 14 on this machine, and npm has no PostgreSQL 14", error.Message, StringComparison.Ordinal);
    }
}
