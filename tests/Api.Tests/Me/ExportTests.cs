using System.Net.Http.Json;
using System.Text.Json;
using MovieAspire.Api.Tests.Support;

namespace MovieAspire.Api.Tests.Me;

/// <summary>The export is complete: a new table or column about users fails these tests until it is exported.</summary>
public sealed class ExportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>Where the export has each table that refers to users.</summary>
    private static readonly Dictionary<string, string> Tables = new()
    {
        ["favorites"] = "favorites",
        ["idempotency_keys"] = "idempotencyKeys",
        ["ratings"] = "ratings",
        ["review_reports"] = "reports",
        ["review_votes"] = "helpfulVotes",
        ["reviews"] = "reviews",
        ["sessions"] = "sessions",
        ["user_claims"] = "account.claims",
        ["user_logins"] = "account.externalLogins",
        ["user_roles"] = "profile.roles",
        ["user_tokens"] = "account.secrets",
    };

    /// <summary>Where the export has each column of the account; null is a secret, or a copy of another column.</summary>
    private static readonly Dictionary<string, string?> Columns = new()
    {
        ["id"] = "profile.id",
        ["display_name"] = "profile.displayName",
        ["ratings_are_public"] = "profile.ratingsPublic",
        ["favorites_are_public"] = "profile.favoritesPublic",
        ["created_at"] = "profile.joinedAt",
        ["email"] = "profile.email",
        ["email_confirmed"] = "profile.emailConfirmed",
        ["user_name"] = "account.userName",
        ["phone_number"] = "account.phoneNumber",
        ["phone_number_confirmed"] = "account.phoneNumberConfirmed",
        ["two_factor_enabled"] = "account.twoFactorEnabled",
        ["access_failed_count"] = "account.failedLogins",
        ["lockout_end"] = "account.lockedUntil",
        ["lockout_enabled"] = null,
        ["normalized_user_name"] = null,
        ["normalized_email"] = null,
        ["password_hash"] = null,
        ["security_stamp"] = null,
        ["concurrency_stamp"] = null,
    };

    [Fact]
    public async Task Export_contains_every_table_and_column_about_users()
    {
        var (user, export) = await ExportOfFullAccountAsync();

        var tables = await api.ScalarAsync<string[]>(
            $"""
            SELECT array_agg(DISTINCT conrelid::regclass::text ORDER BY conrelid::regclass::text)
            FROM pg_constraint WHERE contype = 'f' AND confrelid = 'users'::regclass
            """);
        Assert.Equal(tables, Tables.Keys.Order(StringComparer.Ordinal));
        var columns = await api.ScalarAsync<string[]>(
            $"SELECT array_agg(column_name::text ORDER BY column_name COLLATE \"C\") FROM information_schema.columns WHERE table_name = 'users'");
        Assert.Equal(columns, Columns.Keys.Order(StringComparer.Ordinal));

        // By address, without a foreign key.
        Assert.Equal("Waiting", Assert.Single(Find(export, "waitingEmails").EnumerateArray()).GetProperty("subject").GetString());
        Assert.All(Tables.Values, path => Assert.NotEqual(0, Find(export, path).GetArrayLength()));
        Assert.All(Columns.Values.OfType<string>(), path => Assert.NotEqual(JsonValueKind.Null, Find(export, path).ValueKind));
        Assert.Equal(user, Find(export, "profile.id").GetInt64());
    }

    [Fact]
    public async Task Export_contains_no_secrets_and_nothing_of_other_users()
    {
        var (user, export) = await ExportOfFullAccountAsync();

        var secrets = await api.ScalarAsync<string[]>(
            $"""
            SELECT ARRAY[password_hash, security_stamp, concurrency_stamp, (SELECT value FROM user_tokens WHERE user_id = users.id)]
            FROM users WHERE id = {user}
            """);
        Assert.All(secrets!, secret => Assert.DoesNotContain(secret, export.GetRawText(), StringComparison.Ordinal));
        Assert.DoesNotContain("secret of the mailbox", export.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("somebody else's words", export.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_is_an_attachment_with_no_store()
    {
        var user = await api.AddSignedInUserAsync();

        using var answer = await user.Client.GetAsync("/api/v1/me/export");

        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Export_is_one_snapshot_however_long_its_lists()
    {
        var user = await api.AddSignedInUserAsync();
        await api.ExecuteAsync(
            $"INSERT INTO movies (title, release_date) SELECT 'One of many ' || n, '2000-01-01' FROM generate_series(1, 5000) n");
        await api.ExecuteAsync($"INSERT INTO ratings (user_id, movie_id, value) SELECT {user.Id}, id, 5 FROM movies WHERE title LIKE 'One of many %'");
        await api.ExecuteAsync($"INSERT INTO favorites (user_id, movie_id) SELECT {user.Id}, id FROM movies WHERE title LIKE 'One of many %'");

        using var answer = await user.Client.GetAsync("/api/v1/me/export", HttpCompletionOption.ResponseHeadersRead);

        // The response has begun and waits for its reader: the last lists are not queried yet.
        await api.ExecuteAsync($"DELETE FROM favorites WHERE user_id = {user.Id}");
        using var export = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((5_000, 5_000), (Find(export.RootElement, "ratings").GetArrayLength(), Find(export.RootElement, "favorites").GetArrayLength()));
    }

    private async Task<(long UserId, JsonElement Export)> ExportOfFullAccountAsync()
    {
        var (user, other) = (await api.AddSignedInUserAsync(), await api.AddSignedInUserAsync());
        var movie = await api.AddMovieAsync($"Movie {Guid.NewGuid()}");
        using var foreign = await other.Client.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", new { title = "Title", body = "somebody else's words" });
        using var marked = await user.Client.PutAsync($"{foreign.Headers.Location}/helpful", null);
        using var reported = await user.Client.PostAsJsonAsync($"{foreign.Headers.Location}/report", new { reason = "spam", comment = "own complaint" });
        using var own = await user.Client.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", new { title = "Title", body = "own words" });
        using var rated = await user.Client.PutAsJsonAsync($"/api/v1/movies/{movie}/rating", new { value = 7 });
        using var kept = await user.Client.PutAsync($"/api/v1/me/favorites/{movie}", null);
        await api.ExecuteAsync(
            $"""
            UPDATE users SET phone_number = '+1 555 0100', lockout_end = now() - interval '1 day',
                password_hash = {$"{Guid.NewGuid()}"}, concurrency_stamp = {$"{Guid.NewGuid()}"}
            WHERE id = {user.Id}
            """);
        await api.ExecuteAsync($"INSERT INTO user_claims (user_id, claim_type, claim_value) VALUES ({user.Id}, 'type', 'value')");
        await api.ExecuteAsync($"INSERT INTO user_logins (user_id, login_provider, provider_key) VALUES ({user.Id}, 'example', {$"{Guid.NewGuid()}"})");
        await api.ExecuteAsync($"INSERT INTO user_tokens (user_id, login_provider, name, value) VALUES ({user.Id}, 'example', 'key', {$"{Guid.NewGuid()}"})");
        await api.ExecuteAsync(
            $"""
            INSERT INTO outgoing_emails (recipient, subject, text, html, attempts)
            SELECT email, 'Waiting', 'secret of the mailbox', 'secret of the mailbox', 0 FROM users WHERE id = {user.Id}
            """);
        await api.ExecuteAsync($"INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES ({user.Id}, 'key', sha256(''))");
        return (user.Id, await user.Client.GetJsonAsync("/api/v1/me/export"));
    }

    private static JsonElement Find(JsonElement export, string path) =>
        path.Split('.').Aggregate(export, (element, name) => element.GetProperty(name));
}
