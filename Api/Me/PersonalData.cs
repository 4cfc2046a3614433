using MovieAspire.Api.Database;
using MovieAspire.Api.Reviews;
using MovieAspire.Data;

namespace MovieAspire.Api.Me;

/// <summary>Everything stored about a user. The lists are streamed.</summary>
public sealed record PersonalData
{
    public required Profile Profile { get; init; }

    public required AccountData Account { get; init; }

    public required IAsyncEnumerable<RatingResponse> Ratings { get; init; }

    public required IAsyncEnumerable<ReviewResponse> Reviews { get; init; }

    public required IAsyncEnumerable<MarkedItem> Favorites { get; init; }

    /// <summary>The reviews that the user marked as helpful.</summary>
    public required IAsyncEnumerable<MarkedItem> HelpfulVotes { get; init; }

    /// <summary>The requests whose responses are stored for a day, to be replayed.</summary>
    public required IAsyncEnumerable<KeptRequest> IdempotencyKeys { get; init; }
}

/// <summary>What is stored for signing in. Passwords and keys are not exported.</summary>
public sealed record AccountData
{
    public required string UserName { get; init; }

    public required string? PhoneNumber { get; init; }

    public required bool PhoneNumberConfirmed { get; init; }

    public required bool TwoFactorEnabled { get; init; }

    /// <summary>Failed logins since the last successful one.</summary>
    public required int FailedLogins { get; init; }

    public required DateTimeOffset? LockedUntil { get; init; }

    /// <summary>External providers whose accounts can sign in.</summary>
    public required IReadOnlyList<string> ExternalLogins { get; init; }

    /// <summary>Claims as <c>type=value</c>.</summary>
    public required IReadOnlyList<string> Claims { get; init; }

    /// <summary>Names of the stored secrets, such as the key of an authenticator app.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }
}

/// <summary>A favorite movie, or a review marked as helpful.</summary>
public sealed record MarkedItem
{
    public required long Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A request that carried an <c>Idempotency-Key</c>.</summary>
public sealed record KeptRequest
{
    public required string Key { get; init; }

    /// <summary>HTTP status of the response; null while the request runs.</summary>
    public required int? StatusCode { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal static class PersonalDataQueries
{
    public static async Task<PersonalData> ExportAsync(this MovieDbContext db, Profile profile, CancellationToken cancellationToken) => new()
    {
        Profile = profile,
        Account = (await db.QueryFirstAsync(AccountStatement(profile.Id), ReadAccount, cancellationToken))!,
        Ratings = db.StreamAsync(
            new SqlBuilder().AppendRaw($"SELECT {RatingResponse.Columns} FROM ratings").Append($" WHERE user_id = {profile.Id} ORDER BY created_at, movie_id"),
            RatingResponse.Read,
            cancellationToken),
        Reviews = db.StreamAsync(
            new SqlBuilder().AppendRaw($"SELECT {ReviewResponse.Columns} FROM {ReviewResponse.From}").Append($" WHERE r.user_id = {profile.Id} ORDER BY r.created_at, r.id"),
            ReviewResponse.Read,
            cancellationToken),
        Favorites = Marked(db, $"SELECT movie_id, created_at FROM favorites WHERE user_id = {profile.Id} ORDER BY created_at, movie_id", cancellationToken),
        HelpfulVotes = Marked(db, $"SELECT review_id, created_at FROM review_votes WHERE user_id = {profile.Id} ORDER BY created_at, review_id", cancellationToken),
        IdempotencyKeys = db.StreamAsync(
            new SqlBuilder($"SELECT key, status_code, created_at FROM idempotency_keys WHERE user_id = {profile.Id} ORDER BY created_at, id"),
            row => new KeptRequest { Key = row.GetString(0), StatusCode = row.GetNullable<int>(1), CreatedAt = row.GetFieldValue<DateTimeOffset>(2) },
            cancellationToken),
    };

    private static SqlBuilder AccountStatement(long userId) => new(
        $"""
        SELECT user_name, phone_number, phone_number_confirmed, two_factor_enabled, access_failed_count, lockout_end,
               ARRAY(SELECT login_provider FROM user_logins WHERE user_id = users.id ORDER BY login_provider),
               ARRAY(SELECT concat(claim_type, '=', claim_value) FROM user_claims WHERE user_id = users.id ORDER BY id),
               ARRAY(SELECT name FROM user_tokens WHERE user_id = users.id ORDER BY name)
        FROM users WHERE id = {userId}
        """);

    private static AccountData ReadAccount(Npgsql.NpgsqlDataReader row) => new()
    {
        UserName = row.GetString(0),
        PhoneNumber = row.GetNullableString(1),
        PhoneNumberConfirmed = row.GetBoolean(2),
        TwoFactorEnabled = row.GetBoolean(3),
        FailedLogins = row.GetInt32(4),
        LockedUntil = row.GetNullable<DateTimeOffset>(5),
        ExternalLogins = row.GetFieldValue<string[]>(6),
        Claims = row.GetFieldValue<string[]>(7),
        Secrets = row.GetFieldValue<string[]>(8),
    };

    private static IAsyncEnumerable<MarkedItem> Marked(MovieDbContext db, FormattableString sql, CancellationToken cancellationToken) =>
        db.StreamAsync(
            new SqlBuilder(sql),
            row => new MarkedItem { Id = row.GetInt64(0), CreatedAt = row.GetFieldValue<DateTimeOffset>(1) },
            cancellationToken);
}
