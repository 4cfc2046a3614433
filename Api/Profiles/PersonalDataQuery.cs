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
    };

    private static SqlStatement AccountStatement(long userId) => new(
        $"""
        SELECT user_name, email_confirmed, phone_number, two_factor_enabled, access_failed_count, lockout_end,
               ARRAY(SELECT login_provider FROM user_logins WHERE user_id = users.id ORDER BY login_provider)
        FROM users WHERE id = {userId}
        """);

    private static AccountData ReadAccount(Npgsql.NpgsqlDataReader row) => new()
    {
        UserName = row.GetString(0),
        EmailConfirmed = row.GetBoolean(1),
        PhoneNumber = row.GetNullableString(2),
        TwoFactorEnabled = row.GetBoolean(3),
        FailedLogins = row.GetInt32(4),
        LockedUntil = row.GetNullable<DateTimeOffset>(5),
        ExternalLogins = row.GetFieldValue<string[]>(6),
    };

    private static IAsyncEnumerable<MarkedItem> Marked(MovieDbContext db, FormattableString sql, CancellationToken cancellationToken) =>
        db.StreamAsync(
            new SqlStatement(sql),
            row => new MarkedItem { Id = row.GetInt64(0), CreatedAt = row.GetFieldValue<DateTimeOffset>(1) },
            cancellationToken);
}
