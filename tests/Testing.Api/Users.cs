using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MovieAspire.Data;
using MovieAspire.Data.Identity;

namespace MovieAspire.Testing.Api;

/// <summary>A user and a client that is signed in as this user.</summary>
public sealed record TestUser(long Id, HttpClient Client);

/// <summary>Creates users without hashing passwords.</summary>
public static class Users
{
    /// <summary>Adds a user with the role <c>user</c> and the given ones.</summary>
    public static async Task<TestUser> AddSignedInUserAsync(this ApiFixture api, params string[] roles)
    {
        var id = await api.AddUserAsync($"user-{Guid.NewGuid():N}");
        return new(id, api.CreateClient(id, [.. roles, Roles.User]));
    }

    /// <summary>Adds roles to the user and returns a client with an access token.</summary>
    public static HttpClient CreateClient(this ApiFixture api, long userId, params string[] roles)
    {
        using var scope = api.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<MovieDbContext>();
        db.Database.ExecuteSql(
            $"INSERT INTO user_roles (user_id, role_id) SELECT {userId}, id FROM roles WHERE name = ANY ({roles}) ON CONFLICT DO NOTHING");

        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", api.TokenOf(userId));
        return client;
    }

    /// <summary>An access token as login returns it.</summary>
    public static string TokenOf(this ApiFixture api, long userId, TimeSpan? lifetime = null)
    {
        using var scope = api.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<MovieDbContext>();
        var stamp = db.Users.Single(user => user.Id == userId).SecurityStamp!;
        var session = Guid.CreateVersion7();
        db.Sessions.Add(new() { Id = session, UserId = userId, ExpiresAt = DateTimeOffset.UtcNow.AddDays(1) });
        db.SaveChanges();
        var options = new ClaimsIdentityOptions();
        var identity = new ClaimsIdentity(
            [
                new(options.UserIdClaimType, $"{userId}"),
                new(options.SecurityStampClaimType, stamp),
                new("sid", $"{session}"),
                new("refreshes", "0"),
            ],
            IdentityConstants.BearerScheme);
        var properties = new AuthenticationProperties { ExpiresUtc = DateTimeOffset.UtcNow + (lifetime ?? TimeSpan.FromMinutes(15)) };
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), properties, $"{IdentityConstants.BearerScheme}:AccessToken");
        var scheme = scope.ServiceProvider.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(IdentityConstants.BearerScheme);
        return scheme.BearerTokenProtector.Protect(ticket);
    }
}
