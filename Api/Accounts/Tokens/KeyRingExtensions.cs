using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace MovieAspire.Api.Accounts.Tokens;

/// <summary>Registers <see cref="DatabaseKeyRing"/>.</summary>
internal static class KeyRingExtensions
{
    public static void AddSharedKeyRing(this IServiceCollection services)
    {
        // The name is part of each key's purpose; by default it is the folder, which replicas need not share.
        services.AddDataProtection().SetApplicationName(nameof(MovieAspire));
        services.AddSingleton<DatabaseKeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<DatabaseKeyRing>((options, ring) => options.XmlRepository = ring);

        // Would read the keys before the server listens, and hold up the start for as long as the database does not answer.
        // They are read when the first token is.
        services.Remove(services.Single(service => service.ImplementationType?.Name == "DataProtectionHostedService"));
    }
}
