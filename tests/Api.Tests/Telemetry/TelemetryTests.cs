using System.Diagnostics;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MovieAspire.Api.Tests.Identity;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Telemetry;

public sealed class TelemetryTests(TelemetryTests.Fixture api) : IClassFixture<TelemetryTests.Fixture>
{
    private const string Typed = "zihuatanejo";

    [Fact]
    public async Task Request_is_traced_down_to_its_SQL()
    {
        using var client = CreateClient();

        await client.GetJsonAsync("/api/v1/genres");

        // A span ends after its answer.
        await Eventually.HoldsAsync(() => api.Recorder.Spans.Any(IsRequest), "a span of the request");
        var request = Assert.Single(api.Recorder.Spans, IsRequest);
        Assert.Equal(200, request.GetTagItem("http.response.status_code"));
        // Older and newer drivers name the attribute differently.
        Assert.Single(api.Recorder.Spans, span => span.ParentSpanId == request.SpanId && span.Source.Name == "Npgsql"
            && $"{span.GetTagItem("db.query.text")}{span.GetTagItem("db.statement")}".Contains("FROM genres", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Telemetry_contains_no_emails_no_secrets_and_no_search_texts()
    {
        var (address, password, wrong) = (AccountClient.NewAddress(), $"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        using var client = CreateClient();

        await SendAsync(client.RegisterAsync(address, password));
        await SendAsync(client.RegisterAsync(address, password));
        await SendAsync(client.RegisterAsync(address, "short"));
        await SendAsync(client.LogInAsync(address, wrong));
        await SendAsync(client.SendAsync("POST", "/api/v1/auth/login", $$"""{"email":"{{address}}","password":"{{password}}" """));
        using var answer = await client.LogInAsync(address, password);
        var tokens = client.Use(await answer.ReadTokensAsync());
        await SendAsync(client.RefreshAsync(tokens.Refresh));
        await SendAsync(client.PostAsJsonAsync("/api/v1/auth/forgotPassword", new { email = address }));
        await SendAsync(client.SendAsync("PATCH", "/api/v1/me", $$"""{"displayName":"{{Typed}}"}""", "application/merge-patch+json"));
        await SendAsync(client.GetAsync($"/api/v1/movies?search={Typed}"));
        await SendAsync(client.GetAsync($"/api/v1/movies?{Typed}={Typed}"));
        await SendAsync(client.GetAsync("/api/v1/me/export"));
        using var admin = CreateClient();
        admin.DefaultRequestHeaders.Authorization = api.CreateClient(await api.AddUserAsync("admin"), Roles.Admin).DefaultRequestHeaders.Authorization;
        await SendAsync(admin.SendAsync("PUT", $"/api/v1/admin/users/{await api.AddUserAsync("locked")}/lock", $$"""{"reason":"{{Typed}}"}"""));

        Assert.All([address, address.Split('@')[0], password, wrong, tokens.Access, tokens.Refresh, Typed], secret =>
        {
            Assert.DoesNotContain(api.Recorder.Records, record => record.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(api.Recorder.SpanTexts, span => span.Contains(secret, StringComparison.OrdinalIgnoreCase));
        });
        Assert.NotEmpty(api.Recorder.Records);
    }

    private static bool IsRequest(Activity span) => Equals(span.GetTagItem("http.route"), "/api/v1/genres/");

    private HttpClient CreateClient()
    {
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Add("traceparent", api.Recorder.TraceParent);
        return client;
    }

    private static async Task SendAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
    }

    public sealed class Fixture : ApiFixture
    {
        public Recorder Recorder { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            // Nobody listens there; without a receiver there is no telemetry.
            builder.UseSetting("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
            // As in production, plus the framework's own SQL log, which an operator can turn on.
            builder.UseSetting("Logging:LogLevel:Default", "Information");
            builder.UseSetting("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Information");
            builder.ConfigureTestServices(services => services.AddLogging(logging => logging.AddProvider(Recorder)));
        }
    }
}
