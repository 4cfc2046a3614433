using System.Threading.Channels;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MovieAspire.Data;

namespace MovieAspire.Api.Accounts.Email;

/// <summary>Registers what writes and sends letters.</summary>
internal static class EmailSetup
{
    private const int OutboxCapacity = 1_000;

    public static void AddAccountEmail(this IServiceCollection services)
    {
        services.AddSingleton(Channel.CreateBounded<EmailMessage>(OutboxCapacity));
        services.AddSingleton<AccountEmailSender>();
        services.AddSingleton<IEmailSender<User>>(provider => provider.GetRequiredService<AccountEmailSender>());
        services.TryAddSingleton<IEmailTransport, LoggingEmailTransport>();
        services.AddHostedService<EmailDispatcher>();
    }
}
