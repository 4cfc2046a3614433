namespace MovieAspire.MigrationWorker.Tests.Fixtures;

public sealed class RoundTripTests
{
    [Fact]
    public async Task Dump_of_a_loaded_dump_equals_it_byte_for_byte()
    {
        await using var seeded = await SeededDatabase.CreateSmallAsync();
        await using var other = await FixtureDatabase.CreateAsync();
        var first = await FixtureDatabase.DumpAsync(seeded.ConnectionString, []);

        Assert.Empty(await other.LoadAsync(first));

        Assert.Equal(first, await other.DumpAsync());
        Assert.Contains("\n\"ratings\": [\n{\"user\":", first, StringComparison.Ordinal);
        Assert.Equal(0, await other.ScalarAsync<long>("SELECT count(*) FROM wrong_aggregates()"));
    }

    [Fact]
    public async Task Loading_again_changes_nothing()
    {
        await using var database = await SeededDatabase.CreateSmallAsync();
        await using var copy = await FixtureDatabase.CreateAsync();
        var document = await FixtureDatabase.DumpAsync(database.ConnectionString, []);
        await copy.LoadAsync(document);
        var before = await SeededData.HashAsync(copy.ConnectionString);

        await copy.LoadAsync(document);
        Assert.Equal(before, await SeededData.HashAsync(copy.ConnectionString));

        await copy.LoadAsync(document, overwrite: true);
        Assert.Equal(before, await SeededData.HashAsync(copy.ConnectionString));
    }

    [Fact]
    public async Task Every_kind_of_value_keeps_its_last_digit()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await database.ExecuteAsync(
            """
            INSERT INTO movies (title, release_date, budget, imdb_rating, created_at, updated_at, version) VALUES
                ('a', '1888-01-01', 9223372036854775807, 9.9, '0001-01-01 00:00:00+00', '9999-12-31 23:59:59.999999+00', 1000000000),
                ('b', '2100-12-31', 0, 1, '1999-12-31 23:59:59.000001+00', '2000-01-01 00:00:00.9+00', 1);
            INSERT INTO users (user_name, normalized_user_name, display_name, email_confirmed, phone_number_confirmed,
                two_factor_enabled, lockout_enabled, access_failed_count, lockout_end)
            VALUES ('x', 'X', 'x', true, false, true, false, 7, 'infinity'), ('y', 'Y', 'y', true, false, true, false, 7, '-infinity');
            """);
        var first = await database.DumpAsync();
        await using var other = await FixtureDatabase.CreateAsync();

        Assert.Empty(await other.LoadAsync(first));

        Assert.Equal(first, await other.DumpAsync());
        const string Movies = """
            SELECT string_agg(m::text, '|' ORDER BY title)
            FROM (SELECT title, release_date, budget, imdb_rating, created_at, updated_at, version FROM movies) m
            """;
        Assert.Equal(await database.ScalarAsync<string>(Movies), await other.ScalarAsync<string>(Movies));
        Assert.Equal("infinity", await other.ScalarAsync<string>("SELECT lockout_end::text FROM users WHERE user_name = 'x'"));
    }

    [Fact]
    public async Task Passwords_and_stamps_stay_out_unless_asked_for_by_name()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await database.ExecuteAsync(
            """
            INSERT INTO users (user_name, normalized_user_name, display_name, email_confirmed, phone_number_confirmed,
                two_factor_enabled, lockout_enabled, access_failed_count, password_hash, security_stamp)
            VALUES ('x', 'X', 'x', true, false, true, false, 0, 'the hash', 'the stamp');
            INSERT INTO user_tokens (user_id, login_provider, name, value) SELECT id, 'p', 'n', 'the token' FROM users;
            INSERT INTO data_protection_keys (friendly_name, xml) VALUES ('key', 'the key');
            """);
        Assert.DoesNotContain("the ", await database.DumpAsync(), StringComparison.Ordinal);

        var whole = await FixtureDatabase.DumpAsync(
            database.ConnectionString, [], ["users.password_hash", "users.security_stamp", "user_tokens", "data_protection_keys"]);
        foreach (var secret in new[] { "the hash", "the stamp", "the token", "the key" })
        {
            Assert.Contains(secret, whole, StringComparison.Ordinal);
        }

        await using var other = await FixtureDatabase.CreateAsync();
        await other.LoadAsync(whole);
        Assert.Equal("the hash", await other.ScalarAsync<string>("SELECT password_hash FROM users"));
    }

    [Fact]
    public async Task Somebody_without_a_password_in_the_file_cannot_log_in_but_can_be_given_one()
    {
        await using var database = await FixtureDatabase.CreateAsync();
        await database.LoadAsync(FixtureDatabase.Document("""
            "users": [{"normalized_user_name":"X","user_name":"x","display_name":"x"}]
            """));
        Assert.True(await database.ScalarAsync<bool>("SELECT password_hash IS NULL AND length(security_stamp) > 30 FROM users"));
    }

    [Fact]
    public async Task Dump_of_chosen_tables_holds_only_those()
    {
        await using var database = await SeededDatabase.CreateSmallAsync();
        var document = await FixtureDatabase.DumpAsync(database.ConnectionString, ["genres"]);
        Assert.Contains("\"genres\": [", document, StringComparison.Ordinal);
        Assert.DoesNotContain("\"movies\"", document, StringComparison.Ordinal);
    }
}
