using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Tests.Identity;

/// <summary>
/// The duration of a response reveals nothing about accounts: the slow part, hashing, happens once in each case. Counted instead of timed,
/// so that a busy machine makes no difference.
/// </summary>
public sealed class UserEnumerationTests(UserEnumerationTests.CountingFixture api) : IClassFixture<UserEnumerationTests.CountingFixture>
{
    private readonly HttpClient _client = api.CreateClient();

    [Fact]
    public async Task Failed_login_hashes_once_whatever_the_reason()
    {
        var (known, locked, passwordless) = (AccountClient.NewAddress(), AccountClient.NewAddress(), AccountClient.NewAddress());
        foreach (var email in new[] { known, locked, passwordless })
        {
            using var registered = await _client.RegisterAsync(email);
        }

        await api.ExecuteAsync($"UPDATE users SET lockout_end = now() + interval '1 hour' WHERE email = {locked}");
        await api.ExecuteAsync($"UPDATE users SET password_hash = NULL WHERE email = {passwordless}");

        Assert.Equal(1, await CountAsync(AccountClient.NewAddress()));
        Assert.Equal(1, await CountAsync(known));
        Assert.Equal(1, await CountAsync(locked));
        Assert.Equal(1, await CountAsync(passwordless));
    }

    [Fact]
    public async Task Registration_hashes_once_whether_or_not_the_email_is_taken()
    {
        var email = AccountClient.NewAddress();

        Assert.Equal(1, await api.CountAsync(() => _client.RegisterAsync(email)));
        Assert.Equal(1, await api.CountAsync(() => _client.RegisterAsync(email)));
    }

    private Task<int> CountAsync(string email) => api.CountAsync(() => _client.LogInAsync(email, "wrong horse battery staple"));

    /// <summary>The API with a hasher that counts its calls.</summary>
    public sealed class CountingFixture : ApiFixture, IPasswordHasher<User>
    {
        private readonly PasswordHasher<User> _hasher = new();
        private int _count;

        public string HashPassword(User user, string password)
        {
            Interlocked.Increment(ref _count);
            return _hasher.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _count);
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }

        /// <summary>The number of hashes of a request.</summary>
        public async Task<int> CountAsync(Func<Task<HttpResponseMessage>> send)
        {
            var before = _count;
            using var answer = await send();
            return _count - before;
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<IPasswordHasher<User>>(this));
        }
    }
}
