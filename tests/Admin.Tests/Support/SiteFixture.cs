using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MovieAspire.Admin.Connection;
using MovieAspire.Data.Identity;

namespace MovieAspire.Admin.Tests.Support;

/// <summary>The site on a port, with an API and a database of its own, for one test class.</summary>
public class SiteFixture : IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    private WebApplicationFactory<App> _site = null!;
    private ApiFixture? _api;

    /// <summary>The API that the site talks to.</summary>
    /// <remarks>Where a test fails before it starts it again, the next one does, so that no more than one fails.</remarks>
    public ApiFixture Api => _api ??= StartReplica();

    /// <summary>The site's clock, which can go ahead of the API's.</summary>
    public AdvancedClock Clock { get; } = new();

    /// <summary>Asked when the API has answered the site: true loses the response, as where the API ends before it is sent.</summary>
    public Func<HttpRequestMessage, Task<bool>>? LosesResponse { get; set; }

    /// <summary>The pages that were opened; they are held by the site alone.</summary>
    public ConcurrentQueue<WeakReference> Pages { get; } = [];

    /// <summary>Where the site is.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where the API is.</summary>
    public Uri ApiAddress { get; private set; } = null!;

    private ApiFixture First { get; } = new();

    public async Task InitializeAsync()
    {
        _api = First;
        Api.UseKestrel(0);
        await Api.InitializeAsync();
        await SeedAsync();
        using var client = Api.CreateClient();
        ApiAddress = client.BaseAddress!;
        _site = Site.For(this);
        _site.StartServer();
        using var site = _site.CreateClient();
        Address = site.BaseAddress!;
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await StopApiAsync();
        // With the database.
        await ((IAsyncLifetime)First).DisposeAsync();
    }

    /// <summary>Ends the API, as at the start of a restart.</summary>
    public async Task StopApiAsync()
    {
        if (Interlocked.Exchange(ref _api, null) is { } api)
        {
            await api.DisposeAsync();
        }
    }

    /// <summary>Starts it again at the same address, on the same database.</summary>
    public void StartApi() => _api ??= StartReplica();

    /// <summary>Ends the site, with everybody's session, and starts it again at the same address.</summary>
    public async Task RestartAsync()
    {
        await _site.DisposeAsync();
        _site = Site.For(this, Address.Port);
        _site.StartServer();
    }

    /// <summary>Holds back what the API answers to requests of a path, until what is returned is disposed.</summary>
    public IDisposable HoldBackAnswers(string path)
    {
        var held = new HeldAnswers(this);
        LosesResponse = async request =>
        {
            if (request.RequestUri!.AbsolutePath == path)
            {
                await held.Released;
            }

            return false;
        };
        return held;
    }

    /// <summary>Ends all sessions of an account at the API, as an admin or the person elsewhere does.</summary>
    public Task EndSessionsAsync(string email) => Api.ExecuteAsync(
        $"DELETE FROM sessions s USING users u WHERE u.id = s.user_id AND u.email = {email}");

    /// <summary>Adds an account that can sign in with <see cref="Password"/>, and returns its email.</summary>
    public async Task<string> AddAccountAsync(params string[] roles)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        using var client = Api.CreateClient();
        using var registered = await client.PostAsJsonAsync("/api/v1/auth/register", new { email, password = Password });
        registered.EnsureSuccessStatusCode();
        await Api.ExecuteAsync(
            $"""
            INSERT INTO user_roles (user_id, role_id)
            SELECT u.id, r.id FROM users u, roles r WHERE u.email = {email} AND r.name = ANY ({roles}) ON CONFLICT DO NOTHING
            """);
        return email;
    }

    /// <summary>Opens a browser of its own that nobody has signed in with.</summary>
    public Task<Visitor> VisitAsync(BrowserNewContextOptions? options = null) => Visitor.OpenAsync(Address, options);

    /// <summary>Opens a page, or none yet, in a browser of its own, in which a new moderator or admin is signed in already.</summary>
    public async Task<Visitor> OpenAsync(string? path, string role = Roles.Admin, BrowserNewContextOptions? options = null)
    {
        var email = await AddAccountAsync(role);
        var visitor = await VisitAsync(options);
        visitor.Email = email;
        await visitor.AddCookieAsync("session", await GetSessionCookieAsync(email));
        if (path is not null)
        {
            await visitor.GoToAsync(path);
        }

        return visitor;
    }

    /// <summary>Signs a new moderator or admin in as a person does, in a browser of its own.</summary>
    public async Task<Visitor> SignInAsync(string role = Roles.Admin, BrowserNewContextOptions? options = null)
    {
        var visitor = await VisitAsync(options);
        visitor.Email = await AddAccountAsync(role);
        await visitor.SignInAsync(visitor.Email, Password);
        await visitor.IsAtAsync("Home");
        return visitor;
    }

    /// <summary>Turns the second factor of an account on. Returns the key of its codes, and its recovery codes.</summary>
    public async Task<(string Key, string[] RecoveryCodes)> AddSecondFactorAsync(string email)
    {
        using var client = Api.CreateClient();
        using var login = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password = Password });
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        var key = (await ManageAsync(new { })).GetProperty("sharedKey").GetString()!;
        // Of a moment ago, since the API takes each code once.
        var enabled = await ManageAsync(new { enable = true, twoFactorCode = Authenticator.CodeOf(key, periodsAgo: 1) });
        return (key, [.. enabled.GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!)]);

        async Task<JsonElement> ManageAsync(object body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/manage/2fa")
            {
                Headers = { Authorization = new("Bearer", token) },
                Content = JsonContent.Create(body),
            };
            using var answer = await client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    // Sends the form of the page without a browser, which would take longer for it than most tests for what they are about.
    private async Task<string> GetSessionCookieAsync(string email)
    {
        var cookies = new CookieContainer();
        using var client = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = Address };
        var page = await client.GetStringAsync("/sign-in");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value,
            ["Form.Email"] = email,
            ["Form.Password"] = Password,
        });
        using var response = await client.PostAsync("/sign-in", form);
        return cookies.GetCookies(Address)["session"]!.Value;
    }

    private ApiFixture StartReplica()
    {
        var api = First.Replica();
        api.UseKestrel(ApiAddress.Port);
        api.StartServer();
        return api;
    }

    /// <summary>Adds the rows that all tests of the class find.</summary>
    protected virtual Task SeedAsync() => Task.CompletedTask;

    private sealed class Site(SiteFixture fixture) : WebApplicationFactory<App>
    {
        public static Site For(SiteFixture fixture, int port = 0)
        {
            var site = new Site(fixture);
            site.UseKestrel(port);
            return site;
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Testing");
            builder.UseStaticWebAssets();
            builder.UseSetting("services:api:http:0", $"{fixture.ApiAddress}");
            builder.UseSetting("hostBuilder:reloadConfigOnChange", "false");
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            builder.ConfigureTestServices(services => services
                .AddSingleton<TimeProvider>(fixture.Clock)
                .AddScoped<IComponentActivator>(scope => new ComponentActivator(fixture, scope))
                // Pages that are open would hold up its end for half a minute.
                .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1))
                .AddHttpClient(ApiConnection.Name).AddHttpMessageHandler(() => new LosingHandler(fixture)));
        }
    }

    private sealed class HeldAnswers(SiteFixture fixture) : IDisposable
    {
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Released => _release.Task;

        public void Dispose()
        {
            fixture.LosesResponse = null;
            _release.SetResult();
        }
    }

    private sealed class ComponentActivator(SiteFixture fixture, IServiceProvider scope) : IComponentActivator
    {
        public IComponent CreateInstance(Type componentType)
        {
            var component = (IComponent)ActivatorUtilities.CreateInstance(scope, componentType);
            if (componentType.IsDefined(typeof(RouteAttribute), inherit: false))
            {
                fixture.Pages.Enqueue(new(component));
            }

            return component;
        }
    }

    private sealed class LosingHandler(SiteFixture fixture) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (fixture.LosesResponse is { } loses && await loses(request))
            {
                response.Dispose();
                throw new HttpRequestException(HttpRequestError.ResponseEnded);
            }

            return response;
        }
    }
}

/// <summary>A clock that can be set forward.</summary>
public sealed class AdvancedClock : TimeProvider
{
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    public void Advance(TimeSpan time) => _ahead += time;
}
