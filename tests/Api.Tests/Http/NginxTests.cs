using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Http;

/// <summary>
/// The API behind nginx, configured as docs/deployment.md says: once as it is, where the API compresses, and once with the line with which
/// nginx does it.
/// </summary>
public sealed class NginxTests(NginxTests.Proxied api) : IClassFixture<NginxTests.Proxied>
{
    private const string Movies = "/api/v1/movies";
    private const string Ndjson = "application/x-ndjson";

    [RequiresTheory(Tool.Nginx)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compressed_response_is_known_again_and_says_that_it_depends_on_the_encoding(bool nginxCompresses)
    {
        using var client = api.CreateClient(nginxCompresses);
        var path = $"{Movies}/{await api.AddMovieAsync($"Film {Guid.NewGuid()}")}";

        using var packed = await client.GetEncodedAsync(path, "gzip");
        using var plain = await client.GetEncodedAsync(path, null);

        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        Assert.Equal(nginxCompresses, packed.Headers.ETag!.IsWeak);
        Assert.False(plain.Headers.ETag!.IsWeak);
        Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await UnpackAsync(packed));
        foreach (var (encoding, stored) in new[] { ("gzip", packed), (null, plain) })
        {
            using var same = await client.GetEncodedAsync(path, encoding, stored.Headers.ETag);
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
            Assert.Equal(stored.Headers.ETag, same.Headers.ETag);
            Assert.Equal(["Accept-Encoding"], stored.Headers.Vary);
            Assert.Equal(["Accept-Encoding"], same.Headers.Vary);
            Assert.Equal(stored.Headers.CacheControl, same.Headers.CacheControl);
        }
    }

    [RequiresTheory(Tool.Nginx)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Editor_sends_back_the_tag_of_a_compressed_response_once(bool nginxCompresses)
    {
        using var admin = api.CreateClient(nginxCompresses, Roles.Admin);
        var path = $"{Movies}/{await api.AddMovieAsync($"Film {Guid.NewGuid()}")}";
        using var read = await admin.GetEncodedAsync(path, "gzip");
        var tag = read.Headers.ETag!.ToString();

        using var first = await admin.PatchAsync(path, """{"runtimeMinutes":90}""", tag);
        using var second = await admin.PatchAsync(path, """{"runtimeMinutes":91}""", tag);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await second.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [RequiresFact(Tool.Nginx)]
    public async Task Export_arrives_while_it_is_written_and_waits_for_its_reader()
    {
        // Twice the buffers of all connections in between.
        await AddMoviesAsync(20_000);
        using var client = api.CreateClient(nginxCompresses: false);

        using var response = await client.GetAsync($"{Movies}/export", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.StartsWith("{\"", await reader.ReadLineAsync(), StringComparison.Ordinal);
        // For longer than the export takes where nobody waits.
        var waiting = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                var isWaiting = await api.ScalarAsync<long>(
                    $"""
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE '%.worldwide_gross%' AND wait_event = 'ClientWrite'
                    """) == 1;
                waiting = isWaiting ? waiting + 1 : 0;
                return waiting == 100;
            },
            "the database waits for the reader");
    }

    [RequiresTheory(Tool.Nginx)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compressed_export_is_whole(bool nginxCompresses)
    {
        await AddMoviesAsync(200);
        using var client = api.CreateClient(nginxCompresses);

        using var response = await client.GetEncodedAsync($"{Movies}/export", "gzip");

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], response.Headers.Vary);
        Assert.Equal(
            await api.ScalarAsync<long>($"SELECT count(*) FROM movies"), (await UnpackAsync(response)).Count(character => character == '\n'));
    }

    [RequiresFact(Tool.Nginx)]
    public async Task Import_is_larger_than_other_bodies_and_is_written_while_it_arrives()
    {
        using var admin = api.CreateClient(nginxCompresses: false, Roles.Admin);
        var id = Guid.NewGuid();
        var lines = Enumerable.Range(0, 300)
            .Select(n => $$"""{"title":"Film {{n}} {{id}}","releaseDate":"2001-01-01"{{new string(' ', 6_000)}}}""" + "\n");
        var arrived = new TaskCompletionSource();
        using var content = new WaitingContent(Encoding.UTF8.GetBytes(string.Concat(lines)), arrived.Task);
        content.Headers.ContentType = new(Ndjson);

        var report = admin.PostAsync($"{Movies}/import", content);
        await Eventually.HoldsAsync(
            async () => await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE {$"%{id}"}") == 250,
            "the first movies are there before the end");
        arrived.SetResult();

        using var response = await report;
        Assert.Equal(300, (await response.ReadJsonAsync()).GetProperty("created").GetInt32());
    }

    [RequiresFact(Tool.Nginx)]
    public async Task Address_is_the_one_that_nginx_sees_whatever_the_client_claims()
    {
        using var client = api.CreateClient(nginxCompresses: false, from: IPAddress.Parse("127.0.0.2"));
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        var credentials = new { email = $"{Guid.NewGuid():N}@example.com", password = "correct horse battery staple" };
        using var registered = await client.PostAsJsonAsync("/api/v1/auth/register", credentials);
        using var login = await client.PostAsJsonAsync("/api/v1/auth/login", credentials);
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await login.ReadJsonAsync()).GetProperty("accessToken").GetString());

        var session = Assert.Single((await client.GetJsonAsync("/api/v1/me/sessions")).Items("address"));

        Assert.Equal("127.0.0.2", session);
    }

    private Task AddMoviesAsync(int count) => api.ExecuteAsync(
        $"""
        INSERT INTO movies (title, release_date, director, distributor)
        SELECT repeat('夜', 190) || n, date '2001-01-01', repeat('夜', 100), repeat('夜', 100) FROM generate_series(1, {count}) n
        ON CONFLICT DO NOTHING
        """);

    private static async Task<string> UnpackAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress));
        return await reader.ReadToEndAsync();
    }

    /// <summary>The API on a port, and nginx on two others before it.</summary>
    public sealed class Proxied : ApiFixture, IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("movieaspire-test-").FullName;
        private readonly (int AsDocumented, int Compressing) _ports = (FreePort.Find(), FreePort.Find());
        private Process? _nginx;

        public Proxied() => UseKestrel(0);

        public HttpClient CreateClient(bool nginxCompresses, string? role = null, IPAddress? from = null)
        {
            // A client that follows redirects buffers what it sends.
            var client = new HttpClient(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectCallback = async (context, cancellationToken) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 64 * 1024 };
                    if (from is not null)
                    {
                        socket.Bind(new IPEndPoint(from.MapToIPv6(), 0));
                    }

                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            })
            {
                BaseAddress = new($"http://127.0.0.1:{(nginxCompresses ? _ports.Compressing : _ports.AsDocumented)}"),
            };
            if (role is not null)
            {
                using var signedIn = this.CreateClient(this.AddUserAsync($"user-{Guid.NewGuid():N}").GetAwaiter().GetResult(), role);
                client.DefaultRequestHeaders.Authorization = signedIn.DefaultRequestHeaders.Authorization;
            }

            return client;
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("ForwardedHeaders_Enabled", "true");
        }

        protected override async Task SeedAsync()
        {
            if (Prerequisite.Nginx is not { } program)
            {
                return;
            }

            using var direct = CreateClient();
            var documented = Regex.Match(
                await File.ReadAllTextAsync(Repository.PathOf("docs", "deployment.md")), "```nginx\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
            // The buffer to the client is as large, for the same reason as the API's.
            string Server(int port, string more) => documented
                .Replace("listen 80;", $"listen 127.0.0.1:{port} sndbuf=64k;{more}", StringComparison.Ordinal)
                .Replace("127.0.0.1:8080;", $"{direct.BaseAddress!.Authority};", StringComparison.Ordinal);
            await File.WriteAllTextAsync(
                Path.Combine(_folder, "nginx.conf"),
                $$"""
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events { }
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    gzip on;
                    gzip_types application/json {{Ndjson}};
                    {{Server(_ports.AsDocumented, "")}}
                    {{Server(_ports.Compressing, "proxy_set_header Accept-Encoding \"\";")}}
                }
                """);
            _nginx = Process.Start(Cli.Command(program, "-p", _folder, "-c", "nginx.conf"))!;
            using var client = CreateClient(nginxCompresses: true);
            await Eventually.SucceedsAsync(async () => await client.GetStringAsync("/alive"));
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            if (_nginx is not null)
            {
                _nginx.Kill();
                await _nginx.WaitForExitAsync();
                _nginx.Dispose();
            }

            Directory.Delete(_folder, recursive: true);
            await base.DisposeAsync();
            await DropDatabaseAsync();
        }
    }
}
