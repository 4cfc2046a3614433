using System.Net;
using System.Net.Sockets;
using System.Text;
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
    public async Task Import_outlives_what_ends_other_requests()
    {
        const string Movie = """{"title":"Outlived","releaseDate":"2001-01-01"}""";
        using var admin = api.CreateClient(await api.AddUserAsync("admin"), Roles.Admin);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        await using var import = await BeginAsync(admin, "movies/import", "application/x-ndjson", Movie.Length, Movie[..10], limit.Token);
        await using (await TableInUse.TakeAsync(api.ConnectionString, "genres", "ACCESS EXCLUSIVE"))
        {
            using var ended = await admin.GetAsync("/api/v1/genres");
            await ended.ReadProblemAsync(HttpStatusCode.GatewayTimeout, "timeout");
        }

        await import.WriteAsync(Encoding.ASCII.GetBytes(Movie[10..]), limit.Token);
        var imported = await new StreamReader(import).ReadToEndAsync(limit.Token);

        Assert.StartsWith("HTTP/1.1 200 ", imported, StringComparison.Ordinal);
        Assert.Contains("\"created\":1", imported, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_pauses_within_a_body_gets_408_but_not_in_an_import()
    {
        const string Movie = """{"title":"Awaited","releaseDate":"2001-01-01"}""";
        await using var site = new ImpatientServer { ConnectionString = api.ConnectionString };
        using var admin = site.CreateClient(await site.AddUserAsync("patient"), Roles.Admin);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        await using var import = await BeginAsync(admin, "movies/import", "application/x-ndjson", Movie.Length, Movie[..10], limit.Token);
        await using var login = await BeginAsync(admin, "auth/login", "application/json", 100, "{", limit.Token);
        var refused = await new StreamReader(login).ReadToEndAsync(limit.Token);
        await import.WriteAsync(Encoding.ASCII.GetBytes(Movie[10..]), limit.Token);
        var imported = await new StreamReader(import).ReadToEndAsync(limit.Token);

        Assert.StartsWith("HTTP/1.1 408 ", refused, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request_timeout\"", refused, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", imported, StringComparison.Ordinal);
        Assert.Contains("\"created\":1", imported, StringComparison.Ordinal);
    }

    /// <summary>Sends a request without the end of its body; the server closes the connection after its response.</summary>
    private static async Task<NetworkStream> BeginAsync(
        HttpClient client, string path, string type, int length, string beginning, CancellationToken cancellationToken)
    {
        var server = client.BaseAddress!;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        var stream = new NetworkStream(socket, ownsSocket: true);
        var head = $"""
            POST /api/v1/{path} HTTP/1.1
            Host: {server.Authority}
            Connection: close
            Authorization: {client.DefaultRequestHeaders.Authorization}
            Content-Type: {type}
            Content-Length: {length}
            Idempotency-Key: the body is read for it before the operation runs

            {beginning}
            """;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n")), cancellationToken);
        return stream;
    }

    /// <summary>On a real server that waits for the rest of a body as short as the server allows.</summary>
    private sealed class ImpatientServer : ApiFixture
    {
        public ImpatientServer() => UseKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(1.1));
        });
    }

    /// <summary>On a real server, to which a test sends a request in parts.</summary>
    public sealed class HastyApi : ApiFixture
    {
        public HastyApi() => UseKestrel(0);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.Configure<RequestTimeoutOptions>(
                options => options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = TimeSpan.FromSeconds(1) }));
        }
    }
}
