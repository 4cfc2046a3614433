using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;
using MovieAspire.ApiClient;
using MovieAspire.ApiClient.Api.V1;
using MovieAspire.ApiClient.Models;

// The journey of docs/api.md by the client that Kiota generates: PROGRAM ADDRESS ADMINS_TOKEN. Ends with 0 when all of it went well.
var anonymous = Connect(null);
var admin = Connect(args[1]);

var credentials = (Email: "kiota@example.com", Password: "zihuatanejo by the sea");
await anonymous.Auth.Register.PostAsync(new() { Email = credentials.Email, Password = credentials.Password });
var tokens = await anonymous.Auth.Login.PostAsync(new() { Email = credentials.Email, Password = credentials.Password });
var user = Connect(tokens!.AccessToken);

// A copy of the catalog, which then follows its changes.
string? since = null;
await FollowAsync();

// An admin writes the catalog.
var headers = new HeadersInspectionHandlerOption { InspectResponseHeaders = true };
var movie = await admin.Movies.PostAsync(
    new() { Title = "Kiota", ReleaseDate = new Date(2001, 2, 3), Director = "Nobody", MpaaRating = MovieRequest_mpaaRating.PG, Genres = ["Drama"] },
    request => request.Options.Add(headers));
var id = movie!.Id!.Value;
var created = headers.ResponseHeaders["ETag"].Single();
Check("Location", headers.ResponseHeaders["Location"].Single().EndsWith($"/movies/{id}", StringComparison.Ordinal));

Check("change of a new movie", (await FollowAsync()).Single(change => change.Id == id) is { Change: ChangedMovie_change.Created, Movie.Title: "Kiota" });

var patched = await admin.Movies[id].PatchAsync(
    new() { RuntimeMinutes = 142, Director = null }, request => request.Headers.Add("If-Match", created));
Check("merge patch", patched is { RuntimeMinutes: 142, Director: null, Title: "Kiota" });
Check("change of an edited movie",
    (await FollowAsync()).Single(change => change.Id == id) is { Change: ChangedMovie_change.Updated, Movie.RuntimeMinutes: 142 });
Check("stale tag", await RefusedAsync(
    admin.Movies[id].PatchAsync(new() { RuntimeMinutes = 1 }, request => request.Headers.Add("If-Match", created))) == Problem_code.Precondition_failed);
Check("second movie", await RefusedAsync(
    admin.Movies.PostAsync(new() { Title = "Kiota", ReleaseDate = new Date(2001, 2, 3) })) == Problem_code.Movie_exists);
Check("no admin", await RefusedAsync(user.Movies[id].DeleteAsync()) == Problem_code.Forbidden);

var report = await admin.Movies.Import.PostAsync(
[
    new() { Title = "Imported by Kiota", ReleaseDate = new Date(2002, 3, 4), Genres = ["Crime"] },
    new() { Title = " ", ReleaseDate = new Date(2002, 3, 4) },
]);
Check("import", report is { Created: 1, Rejected: 1 } && report.Rejections![0].Line == 2);
using (var export = new StreamReader((await anonymous.Movies.Export.GetAsync())!))
{
    var lines = (await export.ReadToEndAsync()).Trim().Split('\n');
    Check("export of a new movie", lines.Count(line => line.Contains("\"Kiota\"", StringComparison.Ordinal)) == 1);
    Check("export of an imported movie", lines.Count(line => line.Contains("\"Imported by Kiota\"", StringComparison.Ordinal)) == 1);
}

// A user rates and reviews.
Check("rating", (await user.Movies[id].Rating.PutAsync(new() { Value = 9 }))!.Value == 9);
var review = await user.Movies[id].Reviews.PostAsync(new() { Title = "Good", Body = "I liked it." });
var found = await anonymous.Movies.GetAsync(request => request.QueryParameters.Search = "kiota");
Check("search", found!.Items!.Any(item => item.Id == id && item is { RatingCount: 1, ReviewCount: 1 }));
Check("review", (await anonymous.Reviews[review!.Id!.Value].GetAsync())!.Author!.Id == review.Author!.Id);
Check("private ratings", await RefusedAsync(anonymous.Users[review.Author!.Id!.Value].Ratings.GetAsync()) == Problem_code.Private_list);
await user.Me.PatchAsync(new() { DisplayName = "Kiota", RatingsPublic = true });
Check("public ratings", (await anonymous.Users[review.Author!.Id!.Value].Ratings.GetAsync())!.Items!.Single().Movie!.Id == id);
Check("profile", await user.Me.GetAsync() is { DisplayName: "Kiota", ReviewCount: 1 });
Check("own data", (await user.Me.Export.GetAsync())!.Reviews!.Single().Title == "Good");

await admin.Movies[id].DeleteAsync(request => request.Headers.Add("If-Match", "*"));
Check("deleted", await RefusedAsync(anonymous.Movies[id].GetAsync()) == Problem_code.Not_found);
Check("change of a movie that is gone", (await FollowAsync()).Single(change => change.Id == id) is { Change: ChangedMovie_change.Deleted, Movie: null });
await user.Me.DeleteAsync();
Check("left", await RefusedAsync(user.Me.GetAsync()) == Problem_code.Unauthenticated);

V1RequestBuilder Connect(string? token) => new MovieApi(
    new HttpClientRequestAdapter(
        token is null ? new AnonymousAuthenticationProvider() : new BaseBearerTokenAuthenticationProvider(new Token(token)))
    { BaseUrl = args[0] }).Api.V1;

async Task<List<ChangedMovie>> FollowAsync()
{
    List<ChangedMovie> changes = [];
    for (bool? hasMore = true; hasMore == true;)
    {
        var page = await anonymous.Movies.Changes.GetAsync(request => (request.QueryParameters.Since, request.QueryParameters.Limit) = (since, 1000));
        changes.AddRange(page!.Items!);
        (since, hasMore) = (page.Since, page.HasMore);
    }

    return changes;
}

static void Check(string step, bool isGood)
{
    if (!isGood)
    {
        throw new InvalidOperationException($"Wrong answer: {step}");
    }
}

static async Task<Problem_code?> RefusedAsync(Task request)
{
    try
    {
        await request;
        return null;
    }
    catch (Problem problem)
    {
        return problem.Code;
    }
}

internal sealed class Token(string value) : IAccessTokenProvider
{
    public AllowedHostsValidator AllowedHostsValidator { get; } = new();

    public Task<string> GetAuthorizationTokenAsync(
        Uri uri, Dictionary<string, object>? additionalAuthenticationContext = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(value);
}
