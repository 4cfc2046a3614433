using MovieAspire.Api.Ratings;
using MovieAspire.Api.Reviews;
using MovieAspire.Api.Sql;
using MovieAspire.Data;

namespace MovieAspire.Api.Profiles;

/// <summary>Collects what is held about a person.</summary>
internal static class PersonalDataQuery
{
    public static async Task<PersonalData> ExportAsync(this MovieDbContext db, Profile profile, CancellationToken cancellationToken) => new()
    {
        Profile = profile,
        Account = (await db.QueryFirstAsync(AccountStatement(profile.Id), ReadAccount, cancellationToken))!,
        Ratings = db.StreamAsync(
            new SqlStatement().AppendText($"SELECT {RatingResponse.Columns} FROM ratings").Append($" WHERE user_id = {profile.Id} ORDER BY created_at, movie_id"),
            RatingResponse.Read,
            cancellationToken),
        Reviews = db.StreamAsync(
            new SqlStatement().AppendText($"SELECT {ReviewResponse.Columns} FROM {ReviewResponse.From}").Append($" WHERE r.user_id = {profile.Id} ORDER BY r.created_at, r.id"),
            ReviewResponse.Read,
            cancellationToken),
        Favorites = Marked(db, $"SELECT movie_id, created_at FROM favorites WHERE user_id = {profile.Id} ORDER BY created_at, movie_id", cancellationToken),
        HelpfulVotes = Marked(db, $"SELECT review_id, created_at FROM review_votes WHERE user_id = {profile.Id} ORDER BY created_at, review_id", cancellationToken),
        IdempotencyKeys = db.StreamAsync(
            new SqlStatement($"SELECT key, status_code, created_at FROM idempotency_keys WHERE user_id = {profile.Id} ORDER BY created_at, id"),
            row => new KeptRequest { Key = row.GetString(0), StatusCode = row.GetNullable<int>(1), CreatedAt = row.GetFieldValue<DateTimeOffset>(2) },
            cancellationToken),
    };

    private static SqlStatement AccountStatement(long userId) => new(
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
            new SqlStatement(sql),
            row => new MarkedItem { Id = row.GetInt64(0), CreatedAt = row.GetFieldValue<DateTimeOffset>(1) },
            cancellationToken);
}
