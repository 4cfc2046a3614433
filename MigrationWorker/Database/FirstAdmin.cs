using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MovieAspire.Data;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Who is to be the first admin: <c>Admin:Email</c> and <c>Admin:Password</c> of the configuration. There is no default password.</summary>
internal sealed record FirstAdmin(string Email, string Password)
{
    /// <summary>Null where none is configured.</summary>
    /// <exception cref="UserErrorException">Half of it is missing, or does not do.</exception>
    public static FirstAdmin? From(IConfiguration configuration)
    {
        var (email, password) = (configuration["Admin:Email"], configuration["Admin:Password"]);
        if (string.IsNullOrEmpty(email) && string.IsNullOrEmpty(password))
        {
            return null;
        }

        if (!MailAddress.TryCreate(email, out var address) || address.Address != email || email.Length > Limits.UserName)
        {
            throw new UserErrorException("Admin__Email must be the e-mail address of the first admin, since Admin__Password is set; or unset both.");
        }

        if (password is not { Length: >= PasswordPolicy.MinLength and <= PasswordPolicy.MaxLength })
        {
            throw new UserErrorException(
                $"Admin__Password must have {PasswordPolicy.MinLength} to {PasswordPolicy.MaxLength} characters, since Admin__Email is set; or unset both.");
        }

        return new(email, password);
    }
}

/// <summary>Makes the first admin, as long as there is none. Later the configuration changes nothing: an admin's password is the admin's own.</summary>
internal sealed class AdminStore(NpgsqlConnection connection)
{
    private const string ExistsSql =
        "SELECT EXISTS (SELECT FROM user_roles JOIN roles ON roles.id = role_id WHERE roles.name = $1)";

    // Somebody may have registered with the address before. Whoever configures the secret owns the address, so the account is taken over
    // whole: password, second factor and tokens of whoever registered end.
    private const string CreateSql = """
        WITH account AS (
            INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, email_confirmed, password_hash,
                security_stamp, concurrency_stamp, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            VALUES ('Admin', $1, $2, $1, $2, true, $3, $4, $4, false, false, true, 0)
            ON CONFLICT (normalized_email) DO UPDATE SET email_confirmed = true, password_hash = excluded.password_hash,
                security_stamp = excluded.security_stamp, concurrency_stamp = excluded.concurrency_stamp,
                two_factor_enabled = false, lockout_end = NULL, access_failed_count = 0
            RETURNING id)
        INSERT INTO user_roles (user_id, role_id)
        SELECT account.id, roles.id FROM account CROSS JOIN roles WHERE roles.name IN ($5, $6)
        ON CONFLICT DO NOTHING
        """;

    public async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(ExistsSql, Roles.Admin);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task CreateAsync(FirstAdmin admin, CancellationToken cancellationToken)
    {
        var hasher = new NormalizingPasswordHasher(Options.Create(new PasswordHasherOptions { IterationCount = PasswordPolicy.Pbkdf2Iterations }));
        await using var command = Command(
            CreateSql,
            admin.Email,
            new UpperInvariantLookupNormalizer().NormalizeEmail(admin.Email),
            hasher.HashPassword(new User(), admin.Password),
            $"{Guid.NewGuid():N}",
            Roles.User,
            Roles.Admin);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, params string[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
