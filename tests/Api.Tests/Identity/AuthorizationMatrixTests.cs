using System.Net.Mime;
using System.Text.Json;
using MovieAspire.Api.Tests.OpenApi;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Identity;

/// <summary>Every operation of the OpenAPI document, called by every kind of caller.</summary>
public sealed class AuthorizationMatrixTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly int[] Refusals = [401, 403, 404];
    private ResponseContract? _contract;

    [Fact]
    public async Task Matrix_covers_every_operation_and_no_other()
    {
        var operations = (await OperationsAsync()).Select(operation => operation.Name);

        Assert.NotEmpty(operations);
        Assert.Equal(operations.Order(StringComparer.Ordinal), AuthorizationMatrix.ByOperation.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Operation_admits_exactly_the_callers_of_its_matrix_row_and_responds_as_the_OpenAPI_document_says()
    {
        List<string> wrong = [];
        foreach (var (operation, decision) in AuthorizationMatrix.ByOperation)
        {
            foreach (var caller in Enum.GetValues<Caller>())
            {
                var (status, code, breaches) = await TryAsync(operation, decision.Body, caller);
                wrong.AddRange(breaches);
                var refusal = AuthorizationMatrix.Refusal(decision.Access, caller);
                if (refusal is null ? Refusals.Contains(status) || status >= 500 : (status, code) != refusal)
                {
                    wrong.Add($"{operation} by {caller}: {status} {code} instead of {(refusal is null ? "being admitted" : refusal)}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task OpenAPI_document_requires_a_token_where_the_operation_does()
    {
        foreach (var (name, operation) in await OperationsAsync())
        {
            var asked = operation.TryGetProperty("security", out var security) && security.GetArrayLength() > 0;
            Assert.True(
                asked == (AuthorizationMatrix.ByOperation[name].Access != Access.Anyone),
                $"{name} is for {AuthorizationMatrix.ByOperation[name].Access}, but its security in the document says otherwise");
        }
    }

    /// <summary>Sends the request, about a movie that the owner rated and reviewed; each time with users and rows of its own.</summary>
    /// <returns>The status, the code of the problem document if it is one, and what the document says otherwise.</returns>
    private async Task<(int Status, string? Code, List<string> Breaches)> TryAsync(string operation, string? body, Caller caller)
    {
        var owner = await api.AddSignedInUserAsync();
        var movie = await api.AddMovieAsync($"{Guid.NewGuid()}");
        var review = await api.ScalarAsync<long>(
            $"INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers) VALUES ({movie}, {owner.Id}, 'Title', 'Body', false) RETURNING id");
        await api.ExecuteAsync($"INSERT INTO ratings (movie_id, user_id, value) VALUES ({movie}, {owner.Id}, 5)");
        await api.ExecuteAsync($"UPDATE users SET ratings_are_public = true, favorites_are_public = true WHERE id = {owner.Id}");

        using var client = await ClientOfAsync(caller, owner);
        var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1]);
        object? id = path switch
        {
            _ when path.Contains("/reports/{id}", StringComparison.Ordinal) => await ReportAsync(review),
            _ when path.Contains("/reviews/{id}", StringComparison.Ordinal) => review,
            _ when path.Contains("/users/{id}", StringComparison.Ordinal) => owner.Id,
            _ when path.Contains("/genres/{id}", StringComparison.Ordinal) =>
                await api.ScalarAsync<long>($"INSERT INTO genres (name) VALUES ({$"{Guid.NewGuid()}"}) RETURNING id"),
            _ when path.Contains("/sessions/{id}", StringComparison.Ordinal) => await SessionAsync(owner),
            _ => movie,
        };
        path = path.Replace("{id}", $"{id}").Replace("{movieId}", $"{movie}").Replace("{role}", Roles.Moderator)
            .Replace("{sessionId}", $"{await SessionAsync(owner)}");
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, null, method == "PATCH" ? "application/merge-patch+json" : "application/json"),
        };
        using var response = await client.SendAsync(request);
        var code = response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Application.ProblemJson
            ? (await response.ReadJsonAsync()).GetProperty("code").GetString()
            : null;
        _contract ??= new((await api.CreateClient().GetJsonAsync("/openapi/v1.json")));
        return ((int)response.StatusCode, code, [.. _contract.BreachesOf(response, await response.Content.ReadAsStringAsync())]);
    }

    private Task<Guid> SessionAsync(TestUser user) => api.ScalarAsync<Guid>($"SELECT id FROM sessions WHERE user_id = {user.Id}");

    private async Task<long> ReportAsync(long review) => await api.ScalarAsync<long>(
        $"INSERT INTO review_reports (review_id, user_id, reason) VALUES ({review}, {(await api.AddSignedInUserAsync()).Id}, 'spam') RETURNING id");

    private async Task<HttpClient> ClientOfAsync(Caller caller, TestUser owner) => caller switch
    {
        Caller.Anonymous => api.CreateClient(),
        Caller.Owner => owner.Client,
        Caller.Moderator => (await api.AddSignedInUserAsync(Roles.Moderator)).Client,
        Caller.Admin => (await api.AddSignedInUserAsync(Roles.Admin)).Client,
        _ => (await api.AddSignedInUserAsync()).Client,
    };

    private async Task<List<(string Name, JsonElement Operation)>> OperationsAsync()
    {
        using var client = api.CreateClient();
        var document = await client.GetJsonAsync("/openapi/v1.json");
        return
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where operation.Name is not ("parameters" or "summary" or "description" or "servers")
               select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value),
        ];
    }
}
