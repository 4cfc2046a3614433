using MovieAspire.Api.Sql;
using MovieAspire.Data;

namespace MovieAspire.Api.Profiles;

/// <summary>Reads a person's own account.</summary>
internal static class MeQueries
{
    public static Task<Profile?> FindProfileAsync(this MovieDbContext db, long userId, CancellationToken cancellationToken) =>
        db.QueryFirstAsync(
            new SqlStatement(
                $"""
                SELECT u.id, u.email, u.email_confirmed, u.display_name, u.created_at,
                       ARRAY(SELECT r.name::text FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id ORDER BY r.name),
                       (SELECT count(*) FROM ratings WHERE user_id = u.id),
                       (SELECT count(*) FROM reviews WHERE user_id = u.id),
                       (SELECT count(*) FROM favorites WHERE user_id = u.id)
                FROM users u WHERE u.id = {userId}
                """),
            row => new Profile
            {
                Id = row.GetInt64(0),
                Email = row.GetNullableString(1),
                EmailConfirmed = row.GetBoolean(2),
                DisplayName = row.GetString(3),
                JoinedAt = row.GetFieldValue<DateTimeOffset>(4),
                Roles = row.GetFieldValue<string[]>(5),
                RatingCount = row.GetInt64(6),
                ReviewCount = row.GetInt64(7),
                FavoriteCount = row.GetInt64(8),
            },
            cancellationToken);
}
