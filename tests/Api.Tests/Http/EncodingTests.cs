using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Http;

/// <summary>Compressed responses and what tells them apart, and compressed requests.</summary>
public sealed class EncodingTests(EncodingTests.OnAPort api) : IClassFixture<EncodingTests.OnAPort>
{
    private static readonly (string Path, string Type)[] BodyPaths =
    [
        ("/api/v1/movies", "application/json"),
        ("/api/v1/movies/import", "application/json"),
        ("/api/v1/movies/import", "application/x-ndjson"),
    ];

    [Fact]
    public async Task Response_says_that_it_depends_on_the_encoding_also_when_it_has_none_and_when_it_is_not_modified()
    {
        using var client = api.CreateClient();

        using var plain = await client.GetEncodedAsync("/api/v1/movies", null);
        using var same = await client.GetEncodedAsync("/api/v1/movies", null, plain.Headers.ETag);

        Assert.Equal(["Accept-Encoding"], plain.Headers.Vary);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(["Accept-Encoding"], same.Headers.Vary);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Each_encoding_has_a_strong_tag_of_its_own_and_each_is_known_again(string encoding)
    {
        using var client = api.CreateClient();

        using var plain = await client.GetEncodedAsync("/api/v1/movies", null);
        using var packed = await client.GetEncodedAsync("/api/v1/movies", encoding);

        Assert.Equal([encoding], packed.Content.Headers.ContentEncoding);
        Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);
        Assert.False(packed.Headers.ETag!.IsWeak);
        foreach (var (accepted, known) in new[] { (encoding, packed.Headers.ETag), (null, plain.Headers.ETag) })
        {
            using var again = await client.GetEncodedAsync("/api/v1/movies", accepted, known);
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Equal(known, again.Headers.ETag);
        }
    }

    [Fact]
    public async Task Editor_behind_any_proxy_can_send_back_the_tag_that_was_read()
    {
        using var admin = await AdminAsync();
        var path = $"/api/v1/movies/{await api.AddMovieAsync("Behind a proxy")}";
        using var plain = await admin.GetEncodedAsync(path, null);
        using var packed = await admin.GetEncodedAsync(path, "gzip");

        // As nginx marks the tag of what it compresses itself.
        using var weak = await admin.PatchAsync(path, """{"runtimeMinutes":90}""", $"W/{plain.Headers.ETag}");
        using var stale = await admin.PatchAsync(path, """{"runtimeMinutes":91}""", packed.Headers.ETag!.ToString());
        using var again = await admin.GetEncodedAsync(path, "gzip");
        using var fresh = await admin.PatchAsync(path, """{"runtimeMinutes":92}""", again.Headers.ETag!.ToString());

        Assert.Equal(HttpStatusCode.OK, weak.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Packed_body_is_unpacked(string encoding)
    {
        using var admin = await AdminAsync();
        var line = $$"""{"title":"Packed {{encoding}}","releaseDate":"2001-02-03"}""";

        using var created = await PostAsync(admin, "/api/v1/movies", Pack(line, encoding), encoding);
        using var imported = await PostAsync(admin, "/api/v1/movies/import", Pack(line, encoding), encoding, "application/x-ndjson");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(1, (await imported.ReadJsonAsync()).GetProperty("unchanged").GetInt32());
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    public async Task Encoding_that_is_not_known_is_415_with_those_that_are(string encoding)
    {
        using var admin = await AdminAsync();

        using var response = await PostAsync(admin, "/api/v1/movies", [1, 2, 3], encoding);

        await response.ReadProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        Assert.Equal("gzip, br, deflate", string.Join(", ", response.Headers.GetValues("Accept-Encoding")));
    }

    [Theory]
    [InlineData("gzip", "/api/v1/movies", "application/json")]
    [InlineData("br", "/api/v1/movies", "application/json")]
    [InlineData("deflate", "/api/v1/movies", "application/json")]
    [InlineData("gzip", "/api/v1/movies/import", "application/x-ndjson")]
    [InlineData("gzip", "/api/v1/movies/import", "application/json")]
    public async Task Body_that_cannot_be_unpacked_is_400(string encoding, string path, string type)
    {
        using var admin = await AdminAsync();

        using var response = await PostAsync(admin, path, "not packed at all"u8.ToArray(), encoding, type);

        await response.ReadProblemAsync(HttpStatusCode.BadRequest, "malformed_body");
    }

    [Theory]
    [InlineData("gzip", 6)]
    [InlineData("br", null)]
    [InlineData("deflate", 2)]
    public async Task Body_of_which_a_part_is_missing_damaged_or_too_much_is_400_and_changes_nothing(string encoding, int? checksumFromEnd)
    {
        using var admin = await AdminAsync();
        var movie = $$"""{"title":"Half {{encoding}}","releaseDate":"2001-02-03"}""";
        foreach (var (path, type) in BodyPaths)
        {
            var whole = Pack(path.EndsWith("import", StringComparison.Ordinal) && type == "application/json" ? $"[{movie}]" : movie, encoding);
            List<byte[]> bodies =
            [
                whole[..(whole.Length / 2)], whole[..^5], whole[..^1], [.. whole, 0], [.. whole, 1, 2], [.. whole, .. new byte[70_000]],
            ];
            if (checksumFromEnd is { } place)
            {
                var damaged = whole.ToArray();
                damaged[^place] ^= 0xFF;
                bodies.Add(damaged);
            }

            foreach (var body in bodies)
            {
                using var response = await PostAsync(admin, path, body, encoding, type);

                var problem = await response.ReadProblemAsync(HttpStatusCode.BadRequest, "malformed_body");
                var message = problem.GetProperty("errors").EnumerateObject().First().Value[0].GetString();
                Assert.Equal(
                    body.Length > whole.Length
                        ? $"Something else follows the {encoding} data of the body."
                        : $"The {encoding} data of the body is damaged or cut off.",
                    message);
            }

            using var empty = await PostAsync(admin, path, [], encoding, type);
            await empty.ReadProblemAsync(HttpStatusCode.BadRequest, "malformed_body");
        }

        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title = {$"Half {encoding}"}"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Import_that_was_cut_off_at_a_line_tells_what_it_wrote(string encoding)
    {
        using var admin = await AdminAsync();
        using var packed = new MemoryStream();
        await using (var stream = Packer(encoding, packed))
        {
            for (var i = 0; i < 300; i++)
            {
                stream.Write(Encoding.UTF8.GetBytes($$"""{"title":"Cut {{encoding}} {{i}}","releaseDate":"2001-02-03"}""" + "\n"));
            }

            stream.Flush();
        }

        using var response = await PostAsync(admin, "/api/v1/movies/import", packed.ToArray()[..^6], encoding, "application/x-ndjson");

        var problem = await response.ReadProblemAsync(HttpStatusCode.BadRequest, "malformed_body");
        Assert.Equal(250, problem.GetProperty("imported").GetProperty("created").GetInt32());
        Assert.Equal(250, await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE {$"Cut {encoding} %"}"));
    }

    [Fact]
    public async Task Gzip_of_several_members_is_whole()
    {
        using var admin = await AdminAsync();
        byte[] lines =
        [
            .. Pack("""{"title":"First member","releaseDate":"2001-02-03"}""" + "\n", "gzip"),
            .. Pack("""{"title":"Second member","releaseDate":"2001-02-03"}""", "gzip"),
        ];

        using var response = await PostAsync(admin, "/api/v1/movies/import", lines, "gzip", "application/x-ndjson");

        Assert.Equal(2, (await response.ReadJsonAsync()).GetProperty("created").GetInt32());
    }

    [Fact]
    public async Task Fault_of_a_field_in_a_body_that_is_cut_off_later_is_400()
    {
        using var admin = await AdminAsync();
        var noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(90_000));
        var packed = Pack($$"""{"title":5,"releaseDate":"2001-02-03","director":"{{noise}}"}""", "gzip");

        using var response = await PostAsync(admin, "/api/v1/movies", packed[..(packed.Length / 2)], "gzip");

        await response.ReadProblemAsync(HttpStatusCode.BadRequest, "malformed_body");
    }

    [Fact]
    public async Task Body_that_is_too_large_once_unpacked_is_413()
    {
        using var admin = await AdminAsync();
        var bomb = Pack($$"""{"title":"{{new string(' ', 10_000_000)}}","releaseDate":"2001-02-03"}""", "gzip");

        using var response = await PostAsync(admin, "/api/v1/movies", bomb, "gzip");

        Assert.True(bomb.Length < 100_000);
        await response.ReadProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    private static byte[] Pack(string text, string encoding)
    {
        using var packed = new MemoryStream();
        using (var stream = Packer(encoding, packed))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static Stream Packer(string encoding, Stream packed) => encoding switch
    {
        "gzip" or "x-gzip" => new GZipStream(packed, CompressionLevel.Fastest),
        "br" => new BrotliStream(packed, CompressionLevel.Fastest),
        _ => new ZLibStream(packed, CompressionLevel.Fastest),
    };

    private static async Task<HttpResponseMessage> PostAsync(
        HttpClient client, string path, byte[] body, string encoding, string type = "application/json")
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new(type) } };
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return await client.PostAsync(path, content);
    }

    private async Task<HttpClient> AdminAsync() => api.CreateClient(await api.AddUserAsync($"admin-{Guid.NewGuid():N}"), Roles.Admin);

    /// <summary>On a real server, whose limits count.</summary>
    public sealed class OnAPort : ApiFixture
    {
        public OnAPort() => UseKestrel(0);

        protected override async Task SeedAsync() => await this.AddMovieAsync("Long enough to be worth packing");
    }
}
