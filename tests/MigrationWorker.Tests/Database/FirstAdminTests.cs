using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

public sealed class FirstAdminTests : IAsyncLifetime
{
    private const string Password = "correct horse battery staple";
    private static readonly Dictionary<string, string> Configured =
        new() { ["Admin__Email"] = "boss@example.com", ["Admin__Password"] = Password };

    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await SeededDatabase.CreateAsync("none");

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Up_without_a_secret_creates_no_admin()
    {
        await UpAsync([]);

        Assert.Equal(0, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM users"));
    }

    [Fact]
    public async Task Secret_creates_one_admin_who_logs_in_with_it()
    {
        var first = await UpAsync(Configured);
        var second = await UpAsync(Configured);

        Assert.Contains("Made the first admin.", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, first.Output + first.Error, StringComparison.Ordinal);
        Assert.Equal("Up to date: nothing to do.", second.Output.Trim());
        Assert.Equal("admin,user", await ReadRolesAsync("BOSS@EXAMPLE.COM"));
        Assert.NotEqual(PasswordVerificationResult.Failed, await VerifyAsync(Password));
        Assert.Equal(
            """role.added {"role": "admin"}""",
            await Sql.ScalarAsync<string>(
                _database.ConnectionString,
                """
                SELECT string_agg(action || ' ' || after, ';') FROM audit_entries JOIN users ON users.id = subject_id
                WHERE subject_type = 'user' AND actor_id IS NULL
                """));
    }

    [Fact]
    public async Task Admins_own_password_stays_when_the_secret_changes()
    {
        await UpAsync(Configured);

        await UpAsync(new() { ["Admin__Email"] = "other@example.com", ["Admin__Password"] = "another secret altogether" });

        Assert.Equal(1, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM users"));
        Assert.NotEqual(PasswordVerificationResult.Failed, await VerifyAsync(Password));
    }

    [Fact]
    public async Task Account_that_had_the_admins_email_before_is_taken_over()
    {
        await UpAsync([]);
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            """
            INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, email_confirmed, password_hash,
                security_stamp, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            VALUES ('squatter', 'Boss@example.com', 'BOSS@EXAMPLE.COM', 'Boss@example.com', 'BOSS@EXAMPLE.COM', false, 'theirs',
                'theirs', false, true, true, 0);
            INSERT INTO sessions (id, user_id, refreshes, expires_at)
            SELECT gen_random_uuid(), id, 0, now() + interval '1 day' FROM users;
            """);

        await UpAsync(Configured);

        Assert.NotEqual(PasswordVerificationResult.Failed, await VerifyAsync(Password));
        Assert.Equal("admin,user", await ReadRolesAsync("BOSS@EXAMPLE.COM"));
        Assert.True(
            await Sql.ScalarAsync<bool>(
                _database.ConnectionString, "SELECT security_stamp <> 'theirs' AND NOT two_factor_enabled FROM users"));
        Assert.Equal(0, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM sessions"));
    }

    [Theory]
    [InlineData("boss@example.com", "", "Set Admin__Email and Admin__Password, or neither.")]
    [InlineData("boss@example.com", "fourteen chars", "Admin__Password must have 15 to 256 characters.")]
    [InlineData("", Password, "Set Admin__Email and Admin__Password, or neither.")]
    [InlineData("boss", Password, "Admin__Email must be an email address.")]
    [InlineData(
        "boss", "fourteen chars", "Admin__Email must be an email address. Admin__Password must have 15 to 256 characters.")]
    public async Task Incomplete_or_invalid_secret_is_refused_with_the_reason(string email, string password, string reason)
    {
        var result = await Worker.RunAsync(
            _database.ConnectionString,
            new Dictionary<string, string> { ["Admin__Email"] = email, ["Admin__Password"] = password },
            "up", "--seed", "none");

        Assert.Equal((2, $"error: {reason}"), (result.ExitCode, result.LastErrorLine));
    }

    private async Task<ProcessResult> UpAsync(Dictionary<string, string> environment)
    {
        var result = await Worker.RunAsync(_database.ConnectionString, environment, "up", "--seed", "none");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result;
    }

    private Task<string?> ReadRolesAsync(string email) => Sql.ScalarAsync<string>(
        _database.ConnectionString,
        $"""
        SELECT string_agg(r.name, ',' ORDER BY r.name) FROM users u
        JOIN user_roles ur ON ur.user_id = u.id JOIN roles r ON r.id = ur.role_id WHERE u.normalized_email = '{email}'
        """);

    private async Task<PasswordVerificationResult> VerifyAsync(string password)
    {
        var hash = await Sql.ScalarAsync<string>(_database.ConnectionString, "SELECT password_hash FROM users");
        var hasher = new NormalizingPasswordHasher(
            Options.Create(new PasswordHasherOptions { IterationCount = PasswordPolicy.Pbkdf2Iterations }));
        return hasher.VerifyHashedPassword(new User(), hash!, password);
    }
}
