using System.ComponentModel.DataAnnotations;
using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>The settings <c>Admin__…</c>: the first admin. There is no default password.</summary>
internal sealed class FirstAdminOptions : IValidatableObject
{
    public const string Section = "Admin";

    public string Email { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>False if no first admin is configured.</summary>
    public bool IsSet => Email.Length > 0 || Password.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsSet)
        {
            yield break;
        }

        if (Email.Length == 0 || Password.Length == 0)
        {
            yield return new("Set Admin__Email and Admin__Password, or neither.");
            yield break;
        }

        if (!MailAddress.TryCreate(Email, out var address) || address.Address != Email || Email.Length > Limits.UserName)
        {
            yield return new("Admin__Email must be an email address.");
        }

        if (Password.Length is < PasswordPolicy.MinLength or > PasswordPolicy.MaxLength)
        {
            yield return new(
                $"Admin__Password must have {PasswordPolicy.MinLength} to {PasswordPolicy.MaxLength} characters.");
        }
    }
}

/// <summary>
/// Creates the first admin if there is no admin yet, recorded in the audit trail without an actor. Later the configuration has no effect:
/// admins choose their own passwords.
/// </summary>
internal sealed class AdminStore(NpgsqlConnection connection)
{
    private const string ExistsSql =
        "SELECT EXISTS (SELECT FROM user_roles JOIN roles ON roles.id = role_id WHERE roles.name = $1)";

    // Somebody may have registered with the email before. Whoever configures the secret owns the email, so the account is taken over
    // completely: its old password, second factor and sessions end.
    private const string CreateSql = """
        WITH account AS (
            INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, email_confirmed, password_hash,
                security_stamp, concurrency_stamp, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            VALUES ('Admin', $1, $2, $1, $2, true, $3, $4, $4, false, false, true, 0)
            ON CONFLICT (normalized_email) DO UPDATE SET email_confirmed = true, password_hash = excluded.password_hash,
                security_stamp = excluded.security_stamp, concurrency_stamp = excluded.concurrency_stamp,
                two_factor_enabled = false, lockout_end = NULL, access_failed_count = 0
            RETURNING id),
        ended AS (DELETE FROM sessions USING account WHERE user_id = account.id),
        recorded AS (
            INSERT INTO audit_entries (action, subject_type, subject_id, after)
            SELECT 'role.added', 'user', id, jsonb_build_object('role', $6) FROM account)
        INSERT INTO user_roles (user_id, role_id)
        SELECT account.id, roles.id FROM account CROSS JOIN roles WHERE roles.name IN ($5, $6)
        ON CONFLICT DO NOTHING
        """;

    public Task<bool> ExistsAsync(CancellationToken cancellationToken) =>
        connection.ScalarAsync<bool>(ExistsSql, cancellationToken, Roles.Admin);

    public Task CreateAsync(FirstAdminOptions admin, CancellationToken cancellationToken)
    {
        var hasher = new NormalizingPasswordHasher(
            Options.Create(new PasswordHasherOptions { IterationCount = PasswordPolicy.Pbkdf2Iterations }));
        return connection.ExecuteAsync(
            CreateSql,
            cancellationToken,
            admin.Email,
            new UpperInvariantLookupNormalizer().NormalizeEmail(admin.Email),
            hasher.HashPassword(new User(), admin.Password),
            $"{Guid.NewGuid():N}",
            Roles.User,
            Roles.Admin);
    }
}
