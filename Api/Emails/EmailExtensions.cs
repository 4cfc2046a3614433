using MailKit.Net.Smtp;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MimeKit;
using MovieAspire.Api.Identity;
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

/// <summary>Settings of emails; section <c>Email</c> of the configuration, and the connection string <c>smtp</c>.</summary>
internal sealed class EmailOptions
{
    public const string Section = "Email";
    public const string ConnectionName = "smtp";

    /// <summary>The mail server, see <see cref="SmtpAddress"/>. Without one, emails wait in the database.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The sender: an address, or <c>Name &lt;address&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>
    /// The public address of the API, such as <c>https://movies.example.org</c>, for links in emails. Without it, links use the host of the
    /// request, which the client can forge.
    /// </summary>
    public string? PublicUrl { get; set; }

    public bool HasServer => !string.IsNullOrWhiteSpace(ConnectionString);

    public static MailboxAddress? ParseFrom(string? from) =>
        MailboxAddress.TryParse(from, out var mailbox) && EmailValidator.IsEmail(mailbox.Address) ? mailbox : null;

    public static Uri? ParsePublicUrl(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri is { Query: "", Fragment: "", UserInfo: "" }
            ? uri
            : null;
}

/// <summary>Validates the settings at start.</summary>
internal sealed class EmailOptionsValidator : IValidateOptions<EmailOptions>
{
    private const string From = $"{EmailOptions.Section}:{nameof(EmailOptions.From)}";
    private const string PublicUrl = $"{EmailOptions.Section}:{nameof(EmailOptions.PublicUrl)}";

    public ValidateOptionsResult Validate(string? name, EmailOptions options)
    {
        List<string> failures = [];
        if (options.HasServer)
        {
            try
            {
                SmtpAddress.Parse(options.ConnectionString!);
            }
            catch (FormatException e)
            {
                failures.Add($"ConnectionStrings:{EmailOptions.ConnectionName}: {e.Message}");
            }
        }

        if (IsWrong(options.From, options.HasServer, from => EmailOptions.ParseFrom(from) is null))
        {
            failures.Add($"{From} must be the sender of emails, such as movies@example.org or Movies <movies@example.org>.");
        }

        if (IsWrong(options.PublicUrl, options.HasServer, url => EmailOptions.ParsePublicUrl(url) is null))
        {
            failures.Add($"{PublicUrl} must be the API's address in links of emails, such as https://movies.example.org.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsWrong(string? value, bool isRequired, Func<string, bool> isInvalid) =>
        string.IsNullOrWhiteSpace(value) ? isRequired : isInvalid(value);
}
