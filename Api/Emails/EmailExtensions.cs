using MailKit.Net.Smtp;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Emails;

/// <summary>
/// Registers emails: requests write them to the database, and a background service sends them by SMTP (docs/decisions/0009-emails.md).
/// </summary>
internal static class EmailExtensions
{
    public static void AddEmails(this IServiceCollection services)
    {
        services.AddOptions<EmailOptions>().BindConfiguration(EmailOptions.Section)
            .Configure<IConfiguration>((options, configuration) =>
                options.ConnectionString = configuration.GetConnectionString(EmailOptions.ConnectionName))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmailOptions>, EmailOptionsValidator>();
        services.AddSingleton<EmailSignal>();
        services.AddSingleton<EmailQueue>();
        services.AddSingleton<IEmailSender<User>>(provider => provider.GetRequiredService<EmailQueue>());
        // Off, as everywhere in .NET: MailKit checks for revoked certificates by default, and many servers cannot reach the authority.
        services.AddTransient(_ => new SmtpClient { CheckCertificateRevocation = false });
        services.AddTransient<SmtpSession>();
        services.AddHostedService<EmailDispatcher>();
    }
}
