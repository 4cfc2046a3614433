using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using MovieAspire.Admin.SignIn;

namespace MovieAspire.Admin.Import;

/// <summary>Where the browser brings the files. They would be slow over the connection of the page, and be kept in memory there.</summary>
internal static class ImportEndpoints
{
    /// <summary>The API's own limit.</summary>
    private const long MaxBytes = 4L * 1024 * 1024 * 1024;

    public static IServiceCollection AddImport(this IServiceCollection services) => services.AddSingleton<ImportRuns>();

    public static void MapImport(this WebApplication app)
    {
        var files = app.MapGroup("/import/files/{id}").RequireAuthorization(policy => policy.RequireRole(Roles.Admin))
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes));
        files.MapPost("", SendAsync);
        files.MapPost("/rejects", SendRejectsAsync);
    }

    private static async Task<IResult> SendAsync(
        string id, HttpContext context, IAntiforgery antiforgery, ImportRuns runs, SessionStore sessions)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        if (runs.Find(id, sessions.GetSession(context.User).User) is not { } run)
        {
            return Results.NotFound();
        }

        await run.SendAsync(context.Request.Body, context.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> SendRejectsAsync(
        string id, HttpContext context, IAntiforgery antiforgery, ImportRuns runs, SessionStore sessions)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        return runs.Find(id, sessions.GetSession(context.User).User) is { } run
            ? Results.Stream(
                response => run.SendRejectsAsync(context.Request.Body, response, context.RequestAborted), "application/octet-stream")
            : Results.NotFound();
    }
}
