using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Tests.Identity;

/// <summary>
/// The duration of a response reveals nothing about accounts: the slow part, hashing, happens once in each case. Counted instead of timed,
/// so that a busy machine makes no difference.
/// </summary>
public sealed partial class UserEnumerationTests(UserEnumerationTests.CountingFixture api) : IClassFixture<UserEnumerationTests.CountingFixture>
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

    [Fact]
    public async Task Request_for_an_email_writes_as_much_whether_or_not_it_sends_one()
    {
        var (known, unconfirmed) = (AccountClient.NewAddress(), AccountClient.NewAddress());
        foreach (var email in new[] { known, unconfirmed })
        {
            using var registered = await _client.RegisterAsync(email);
        }

        await api.ExecuteAsync($"UPDATE users SET email_confirmed = true WHERE email = {known}");
        var queued = await api.ScalarAsync<long>($"SELECT count(*) FROM outgoing_emails");

        foreach (var path in new[] { "forgotPassword", "resendConfirmationEmail" })
        {
            Task<string[]> WritesAsync(string email) =>
                api.WritesAsync(() => _client.PostAsJsonAsync($"/api/v1/auth/{path}", new { email }));
            Assert.Equal(["INSERT INTO outgoing_emails"], await WritesAsync(AccountClient.NewAddress()));
            Assert.Equal(["INSERT INTO outgoing_emails"], await WritesAsync(unconfirmed));
            Assert.Equal(["INSERT INTO outgoing_emails"], await WritesAsync(known));
        }

        // A reset code and a link to the known, a link to the unconfirmed, and nothing to anybody else.
        Assert.Equal(queued + 3, await api.ScalarAsync<long>($"SELECT count(*) FROM outgoing_emails"));
    }

    [Fact]
    public async Task Request_for_one_email_too_many_writes_as_much_as_the_others()
    {
        await using var strict = api.WithWebHostBuilder(builder => builder.UseSetting("RateLimits:Emails", "1"));
        using var client = strict.CreateClient();
        var email = AccountClient.NewAddress();
        using var registered = await client.RegisterAsync(email);
        var queued = await api.ScalarAsync<long>($"SELECT count(*) FROM outgoing_emails");

        var writes = await api.WritesAsync(() => client.PostAsJsonAsync("/api/v1/auth/resendConfirmationEmail", new { email }));

        Assert.Equal(["INSERT INTO outgoing_emails"], writes);
        Assert.Equal(queued, await api.ScalarAsync<long>($"SELECT count(*) FROM outgoing_emails"));
    }

    [Fact]
    public async Task Registration_commits_twice_whether_or_not_the_email_is_taken()
    {
        var email = AccountClient.NewAddress();

        var first = await api.WritesAsync(() => _client.RegisterAsync(email));
        var second = await api.WritesAsync(() => _client.RegisterAsync(email));

        Assert.Equal(["INSERT INTO users", "INSERT INTO user_roles", "INSERT INTO outgoing_emails"], first);
        Assert.Equal(["INSERT INTO outgoing_emails", "INSERT INTO outgoing_emails"], second);
    }

    private Task<int> CountAsync(string email) => api.CountAsync(() => _client.LogInAsync(email, "wrong horse battery staple"));

    /// <summary>The API with a hasher that counts its calls, and a record of what is written into the database.</summary>
    public sealed class CountingFixture : ApiFixture, IPasswordHasher<User>
    {
        private readonly WriteRecorder _writes = new();
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

        /// <summary>The tables that a request inserts into.</summary>
        public async Task<string[]> WritesAsync(Func<Task<HttpResponseMessage>> send)
        {
            _writes.Tables.Clear();
            using var answer = await send();
            return [.. _writes.Tables];
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services
                .AddSingleton<IPasswordHasher<User>>(this)
                .ConfigureDbContext<MovieDbContext>(options => options.AddInterceptors(_writes)));
        }
    }
    private sealed partial class WriteRecorder : DbCommandInterceptor
    {
        public ConcurrentQueue<string> Tables { get; } = new();

        public override InterceptionResult<DbDataReader> ReaderExecuting(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
        {
            Record(command);
            return result;
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            Record(command);
            return new(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Record(command);
            return new(result);
        }

        private void Record(DbCommand command)
        {
            foreach (Match insert in Insert().Matches(command.CommandText))
            {
                Tables.Enqueue(insert.Value);
            }
        }

        [GeneratedRegex(@"INSERT INTO \w+")]
        private static partial Regex Insert();
    }
}
