using MovieAspire.Admin.SignIn;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.ApiClient.Models;

namespace MovieAspire.Admin.Tests.SignIn;

/// <summary>Tokens of one session, asked for by many.</summary>
public sealed class ApiSessionTests
{
    private readonly AdvancedClock _clock = new();
    private readonly TaskCompletionSource<AccessTokenResponse> _answer = new();
    private readonly List<string> _used = [];

    [Fact]
    public async Task Requests_at_once_wait_for_one_refresh()
    {
        var session = Session();
        Assert.Equal("access 1", await session.GetAccessTokenAsync(default));

        _clock.Advance(TimeSpan.FromMinutes(15));
        using var impatient = new CancellationTokenSource();
        var first = session.GetAccessTokenAsync(impatient.Token);
        var others = Enumerable.Range(0, 20).Select(_ => Task.Run(() => session.GetAccessTokenAsync(default))).ToList();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _answer.SetResult(Tokens(2));

        Assert.All(await Task.WhenAll(others), token => Assert.Equal("access 2", token));
        Assert.Equal(["refresh 1"], _used);
    }

    [Fact]
    public async Task Refresh_that_did_not_reach_the_API_is_tried_again()
    {
        var answers = new Queue<Func<AccessTokenResponse>>([() => throw new HttpRequestException("nobody listens"), () => Tokens(2)]);
        var session = new ApiSession(Somebody, Anywhere, Tokens(1), _ => Task.FromResult(answers.Dequeue()()), _clock);
        _clock.Advance(TimeSpan.FromMinutes(15));

        await Assert.ThrowsAsync<HttpRequestException>(() => session.GetAccessTokenAsync(default));

        Assert.False(session.HasEnded);
        Assert.Equal("access 2", await session.GetAccessTokenAsync(default));
    }

    [Fact]
    public async Task Refused_refresh_ends_the_session_until_the_person_signs_in_again()
    {
        var session = Session();
        var changes = 0;
        session.Changed += () => changes++;
        _clock.Advance(TimeSpan.FromMinutes(15));
        _answer.SetException(new Problem { ResponseStatusCode = 401 });

        await Assert.ThrowsAsync<SessionEndedException>(() => session.GetAccessTokenAsync(default));
        await Assert.ThrowsAsync<SessionEndedException>(() => session.GetAccessTokenAsync(default));
        Assert.True(session.HasEnded);
        Assert.Equal(2, changes);
        Assert.Single(_used);

        session.GoOn(Tokens(3), Somebody with { IsAdmin = false });
        Assert.False(session.User.IsAdmin);
        Assert.Equal("access 3", await session.GetAccessTokenAsync(default));
        Assert.Equal(3, changes);
    }

    [Fact]
    public async Task Refused_token_that_was_replaced_meanwhile_ends_nothing()
    {
        var session = Session();
        _clock.Advance(TimeSpan.FromMinutes(15));
        _answer.SetResult(Tokens(2));
        await session.GetAccessTokenAsync(default);

        session.End("access 1");
        Assert.False(session.HasEnded);
        session.End("access 2");
        Assert.True(session.HasEnded);
    }

    private static SignedInUser Somebody { get; } = new(1, "Ann", "ann@example.com", IsAdmin: true);

    private static Browser Anywhere { get; } = new(null, null);

    private ApiSession Session() => new(
        Somebody,
        Anywhere,
        Tokens(1),
        refresh =>
        {
            _used.Add(refresh);
            return _answer.Task;
        },
        _clock);

    private static AccessTokenResponse Tokens(int number) =>
        new() { AccessToken = $"access {number}", RefreshToken = $"refresh {number}", ExpiresIn = 900 };
}
