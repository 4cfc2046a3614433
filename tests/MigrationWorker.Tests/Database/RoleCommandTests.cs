using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

public sealed class RoleCommandTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.AtSchemaAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Role_is_added_and_removed_once_with_an_entry_of_nobody()
    {
        var id = await Rows.AddUserAsync(_database.ConnectionString, "ann");

        Assert.Equal("The account has the role moderator now.", await RunAsync("add", "Ann@Example.com", "moderator"));
        Assert.Equal(
            "The account has the role moderator already: nothing to do.", await RunAsync("add", "ann@example.com", "moderator"));
        Assert.Equal("moderator", await RolesAsync(id));
        Assert.Equal("The account has no longer the role moderator.", await RunAsync("remove", "ann@example.com", "moderator"));
        Assert.Equal(
            "The account does not have the role moderator: nothing to do.", await RunAsync("remove", "ann@example.com", "moderator"));
        Assert.Null(await RolesAsync(id));

        Assert.Equal(
            """role.added after {"role": "moderator"}; role.removed before {"role": "moderator"}""",
            await Sql.ScalarAsync<string>(
                _database.ConnectionString,
                """
                SELECT string_agg(action || coalesce(' before ' || before::text, '') || coalesce(' after ' || after::text, ''), '; ' ORDER BY id)
                FROM audit_entries WHERE actor_id IS NULL AND address IS NULL AND subject_type = 'user' AND subject_id = $1
                """,
                id));
    }

    [Fact]
    public async Task Last_admin_who_can_log_in_stays()
    {
        var ann = await Rows.AddUserAsync(_database.ConnectionString, "ann");
        await Rows.AddUserAsync(_database.ConnectionString, "ben");
        await RunAsync("add", "ann@example.com", "admin");
        Assert.Equal(
            "error: No other admin can log in. Make another account an admin first: role add EMAIL admin.",
            await FailAsync("remove", "ann@example.com", "admin"));

        await RunAsync("add", "ben@example.com", "admin");
        await Sql.ExecuteAsync(_database.ConnectionString, "UPDATE users SET lockout_end = 'infinity' WHERE display_name = 'ben'");
        await FailAsync("remove", "ann@example.com", "admin");
        Assert.Equal("admin", await RolesAsync(ann));

        await RunAsync("remove", "ben@example.com", "admin");
        Assert.Equal(3, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM audit_entries"));
    }

    [Fact]
    public async Task Unknown_account_is_an_error_that_says_what_to_do()
    {
        var reason = await FailAsync("add", "nobody@example.com", "admin");

        Assert.Equal("error: No account has this email. Register it first: POST /api/v1/auth/register.", reason);
    }

    [Theory]
    [InlineData("add", "ann@example.com", "owner")]
    [InlineData("add", "ann@example.com", "user")]
    [InlineData("remove", "ann@example.com")]
    public async Task Invalid_command_line_is_refused(params string[] arguments)
    {
        var result = await Worker.RunAsync(_database.ConnectionString, ["role", .. arguments]);

        Assert.Equal(1, result.ExitCode);
        Assert.NotEmpty(result.Error);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var result = await Worker.RunAsync(_database.ConnectionString, ["role", .. arguments]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output.Trim();
    }

    private async Task<string> FailAsync(params string[] arguments)
    {
        var result = await Worker.RunAsync(_database.ConnectionString, ["role", .. arguments]);
        Assert.Equal(2, result.ExitCode);
        return result.LastErrorLine;
    }

    private Task<string?> RolesAsync(long user) => Sql.ScalarAsync<string>(
        _database.ConnectionString,
        "SELECT string_agg(name, ',' ORDER BY name) FROM user_roles JOIN roles ON roles.id = role_id WHERE user_id = $1",
        user);
}
