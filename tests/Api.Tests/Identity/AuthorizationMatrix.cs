using MovieAspire.Api.Http;

namespace MovieAspire.Api.Tests.Identity;

/// <summary>
/// Who can use each operation of the API. A new operation needs a line here; a removed one loses it. Otherwise the test fails.
/// </summary>
internal static class AuthorizationMatrix
{
    private const string Review = """{"title":"Title","body":"Body"}""";

    public static readonly IReadOnlyDictionary<string, (Access Access, string? Body)> ByOperation = new Dictionary<string, (Access, string?)>
    {
        ["GET /api/v1/movies"] = (Access.Anyone, null),
        ["GET /api/v1/movies/{id}"] = (Access.Anyone, null),
        ["GET /api/v1/movies/{id}/similar"] = (Access.Anyone, null),
        ["POST /api/v1/movies"] = (Access.Admin, "{}"),
        ["PUT /api/v1/movies/{id}"] = (Access.Admin, "{}"),
        ["PATCH /api/v1/movies/{id}"] = (Access.Admin, "{}"),
        ["DELETE /api/v1/movies/{id}"] = (Access.Admin, null),
        ["POST /api/v1/movies/import"] = (Access.Admin, "[]"),
        ["GET /api/v1/movies/export"] = (Access.Anyone, null),
        ["GET /api/v1/movies/changes"] = (Access.Anyone, null),
        ["GET /api/v1/genres"] = (Access.Anyone, null),
        ["GET /api/v1/genres/{id}"] = (Access.Anyone, null),
        ["POST /api/v1/genres"] = (Access.Admin, "{}"),
        ["PUT /api/v1/genres/{id}"] = (Access.Admin, """{"name":"Renamed"}"""),
        ["POST /api/v1/genres/{id}/merge"] = (Access.Admin, """{"into":1}"""),
        ["DELETE /api/v1/genres/{id}"] = (Access.Admin, null),
        ["GET /api/v1/users/{id}"] = (Access.Anyone, null),
        ["GET /api/v1/users/{id}/reviews"] = (Access.Anyone, null),
        ["GET /api/v1/users/{id}/ratings"] = (Access.Anyone, null),
        ["GET /api/v1/users/{id}/favorites"] = (Access.Anyone, null),

        ["GET /api/v1/admin/users"] = (Access.Admin, null),
        ["GET /api/v1/admin/users/{id}"] = (Access.Admin, null),
        ["PUT /api/v1/admin/users/{id}/roles/{role}"] = (Access.Admin, null),
        ["DELETE /api/v1/admin/users/{id}/roles/{role}"] = (Access.Admin, null),
        ["PUT /api/v1/admin/users/{id}/lock"] = (Access.Admin, null),
        ["DELETE /api/v1/admin/users/{id}/lock"] = (Access.Admin, null),
        ["GET /api/v1/admin/users/{id}/sessions"] = (Access.Admin, null),
        ["DELETE /api/v1/admin/users/{id}/sessions"] = (Access.Admin, null),
        ["DELETE /api/v1/admin/users/{id}/sessions/{sessionId}"] = (Access.Admin, null),
        ["GET /api/v1/admin/audit"] = (Access.Admin, null),
        ["GET /api/v1/admin/statistics"] = (Access.Moderator, null),

        ["GET /api/v1/movies/{movieId}/rating"] = (Access.Owner, null),
        ["PUT /api/v1/movies/{movieId}/rating"] = (Access.Account, """{"value":5}"""),
        ["DELETE /api/v1/movies/{movieId}/rating"] = (Access.Account, null),

        ["GET /api/v1/movies/{movieId}/reviews"] = (Access.Anyone, null),
        ["POST /api/v1/movies/{movieId}/reviews"] = (Access.Account, Review),
        ["GET /api/v1/reviews/{id}"] = (Access.Anyone, null),
        ["PUT /api/v1/reviews/{id}"] = (Access.Owner, Review),
        ["DELETE /api/v1/reviews/{id}"] = (Access.OwnerOrModerator, null),
        ["PUT /api/v1/reviews/{id}/helpful"] = (Access.NotOwner, null),
        ["DELETE /api/v1/reviews/{id}/helpful"] = (Access.Account, null),
        ["POST /api/v1/reviews/{id}/report"] = (Access.NotOwner, """{"reason":"spam"}"""),

        ["GET /api/v1/moderation/reports"] = (Access.Moderator, null),
        ["GET /api/v1/moderation/reviews"] = (Access.Moderator, null),
        ["POST /api/v1/moderation/reports/{id}/resolve"] = (Access.Moderator, """{"action":"remove","reason":"Spam."}"""),

        ["POST /api/v1/moderation/reviews/{id}/remove"] = (Access.Moderator, """{"reason":"Spam."}"""),

        ["GET /api/v1/me"] = (Access.Account, null),
        ["PATCH /api/v1/me"] = (Access.Account, """{"displayName":"Another name"}"""),
        ["DELETE /api/v1/me"] = (Access.Account, null),
        ["GET /api/v1/me/export"] = (Access.Account, null),
        ["GET /api/v1/me/ratings"] = (Access.Account, null),
        ["GET /api/v1/me/reviews"] = (Access.Account, null),
        ["GET /api/v1/me/sessions"] = (Access.Account, null),
        ["DELETE /api/v1/me/sessions"] = (Access.Account, null),
        ["DELETE /api/v1/me/sessions/{id}"] = (Access.Owner, null),
        ["GET /api/v1/me/favorites"] = (Access.Account, null),
        ["PUT /api/v1/me/favorites/{movieId}"] = (Access.Account, null),
        ["DELETE /api/v1/me/favorites/{movieId}"] = (Access.Account, null),

        ["POST /api/v1/auth/register"] = (Access.Anyone, "{}"),
        ["POST /api/v1/auth/login"] = (Access.Anyone, "{}"),
        ["POST /api/v1/auth/refresh"] = (Access.Anyone, "{}"),
        ["POST /api/v1/auth/logout"] = (Access.Account, null),
        ["GET /api/v1/auth/confirmEmail"] = (Access.Anyone, null),
        ["POST /api/v1/auth/resendConfirmationEmail"] = (Access.Anyone, "{}"),
        ["POST /api/v1/auth/forgotPassword"] = (Access.Anyone, "{}"),
        ["POST /api/v1/auth/resetPassword"] = (Access.Anyone, "{}"),
        ["GET /api/v1/auth/manage/info"] = (Access.Account, null),
        ["POST /api/v1/auth/manage/info"] = (Access.Account, "{}"),
        ["POST /api/v1/auth/manage/2fa"] = (Access.Account, "{}"),
    };

    /// <summary>
    /// The status and code that the caller must get, or null for an admitted caller: the request can then still be refused for another
    /// reason, such as an invalid body.
    /// </summary>
    public static (int Status, string? Code)? Refusal(Access access, Caller caller) => (access, caller) switch
    {
        (Access.Anyone, _) => null,
        (_, Caller.Anonymous) => (401, ProblemCodes.Unauthenticated),
        (Access.Owner, not Caller.Owner) => (404, ProblemCodes.NotFound),
        (Access.OwnerOrModerator, Caller.User) => (404, ProblemCodes.NotFound),
        (Access.NotOwner, Caller.Owner) => (403, ProblemCodes.OwnReview),
        (Access.Moderator, Caller.User or Caller.Owner) => (403, ProblemCodes.Forbidden),
        (Access.Admin, not Caller.Admin) => (403, ProblemCodes.Forbidden),
        _ => null,
    };
}

/// <summary>Who can use an operation.</summary>
internal enum Access
{
    Anyone,

    /// <summary>Signed-in users, each for themselves.</summary>
    Account,

    /// <summary>The owner; others get a 404.</summary>
    Owner,

    /// <summary>The owner, moderators and admins; others get a 404.</summary>
    OwnerOrModerator,

    /// <summary>Signed-in users except the owner.</summary>
    NotOwner,

    /// <summary>Moderators and admins.</summary>
    Moderator,

    Admin,
}

/// <summary>The caller of a request.</summary>
internal enum Caller
{
    Anonymous,
    User,
    Owner,
    Moderator,
    Admin,
}
