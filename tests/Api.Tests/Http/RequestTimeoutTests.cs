using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Http;

public sealed class RequestTimeoutTests(RequestTimeoutTests.HastyApi api) : IClassFixture<RequestTimeoutTests.HastyApi>
{
    [Fact]
    public async Task Request_that_takes_too_long_is_504()
    {
        await using var obstacle = await TableInUse.TakeAsync(api.ConnectionString, "genres", "ACCESS EXCLUSIVE");
        using var client = api.CreateClient();

        using var response = await client.GetAsync("/api/v1/genres");

        await response.ReadProblemAsync(HttpStatusCode.GatewayTimeout, "timeout");
    }

    [Fact]
    public async Task Import_has_no_timeout()
    {
        using var admin = api.CreateClient(await api.AddUserAsync("admin"), Roles.Admin);
        using var slow = new StreamContent(new SlowStream("""{"title":"Slow","releaseDate":"2001-01-01"}"""u8.ToArray()));
        slow.Headers.ContentType = new("application/x-ndjson");

        using var response = await admin.PostAsync("/api/v1/movies/import", slow);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal(1, (await response.ReadJsonAsync()).GetProperty("created").GetInt32());
    }

    public sealed class HastyApi : ApiFixture
    {
        public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(1);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.Configure<RequestTimeoutOptions>(
                options => options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = MaxDuration }));
        }
    }

    /// <summary>A client that sends longer than the timeout of other requests.</summary>
    private sealed class SlowStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(HastyApi.MaxDuration * 1.2, cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
