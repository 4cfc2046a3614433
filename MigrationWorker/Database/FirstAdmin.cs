using System.Net.Mail;
using Microsoft.Extensions.Configuration;
using MovieAspire.Data;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Who is to be the first admin: <c>Admin:Email</c> and <c>Admin:Password</c> of the configuration. There is no default password.</summary>
internal sealed record FirstAdmin(string Email, string Password)
{
    /// <summary>Null where none is configured.</summary>
    /// <exception cref="WorkerException">Half of it is missing, or does not do.</exception>
    public static FirstAdmin? From(IConfiguration configuration)
    {
        var (email, password) = (configuration["Admin:Email"], configuration["Admin:Password"]);
        if (string.IsNullOrEmpty(email) && string.IsNullOrEmpty(password))
        {
            return null;
        }

        if (!MailAddress.TryCreate(email, out var address) || address.Address != email || email.Length > Limits.UserName)
        {
            throw new WorkerException("Admin__Email must be the e-mail address of the first admin, since Admin__Password is set; or unset both.");
        }

        if (password is not { Length: >= PasswordPolicy.MinLength and <= PasswordPolicy.MaxLength })
        {
            throw new WorkerException(
                $"Admin__Password must have {PasswordPolicy.MinLength} to {PasswordPolicy.MaxLength} characters, since Admin__Email is set; or unset both.");
        }

        return new(email, password);
    }
}
