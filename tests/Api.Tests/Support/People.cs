using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MovieAspire.Data;

namespace MovieAspire.Api.Tests.Support;

/// <summary>A person with an account, and a client that is logged in as this person.</summary>
public sealed record Person(long Id, HttpClient Client);

/// <summary>People, without the time that hashing their passwords would take.</summary>
internal static class People
{
    /// <summary>Adds a person who has the role <c>user</c> and those given.</summary>
    public static async Task<Person> AddPersonAsync(this ApiFixture api, params string[] roles)
    {
        var id = await api.AddUserAsync($"person-{Guid.NewGuid():N}");
        foreach (var role in roles.Append(Roles.User))
        {
            await api.ExecuteAsync($"INSERT INTO user_roles (user_id, role_id) SELECT {id}, id FROM roles WHERE name = {role}");
        }

        return new(id, await api.LogInAsync(id));
    }

    /// <summary>A client with an access token as logging in gives it.</summary>
    public static async Task<HttpClient> LogInAsync(this ApiFixture api, long userId)
    {
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await api.TokenOfAsync(userId));
        return client;
    }

    /// <summary>An access token as logging in gives it.</summary>
    public static async Task<string> TokenOfAsync(this ApiFixture api, long userId, TimeSpan? lifetime = null)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync($"{userId}");
        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<User>>().CreateAsync(user!);
        var properties = new AuthenticationProperties { ExpiresUtc = DateTimeOffset.UtcNow + (lifetime ?? TimeSpan.FromMinutes(15)) };
        var ticket = new AuthenticationTicket(principal, properties, $"{IdentityConstants.BearerScheme}:AccessToken");
        return scope.ServiceProvider.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(IdentityConstants.BearerScheme).BearerTokenProtector.Protect(ticket);
    }
}
