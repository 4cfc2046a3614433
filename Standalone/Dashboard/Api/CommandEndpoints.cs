using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MovieAspire.Standalone.Dashboard.Pages;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Security;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Api;

/// <summary>What a page's buttons do. Only a form of the dashboard's own pages, or a script with the token, is obeyed.</summary>
internal static class CommandEndpoints
{
    public static void MapCommands(this IEndpointRouteBuilder app)
    {
        app.MapPost("/resources/{resource}/commands/{command}", async (
            string resource, string command, HttpContext context, IResourceSource source, Access access) =>
            await IsAllowedAsync(context, access)
                ? Answer(context, resource, await source.ExecuteCommandAsync(resource, command, context.RequestAborted))
                : Results.Text("The form is not of this dashboard. Load the page again.", statusCode: StatusCodes.Status400BadRequest));
        app.MapPost("/api/resources/{resource}/commands/{command}", async (
            string resource, string command, HttpContext context, IResourceSource source, Access access) =>
            access.IsScript(context)
                ? Outcome(await source.ExecuteCommandAsync(resource, command, context.RequestAborted))
                : Results.Json(new { error = $"Commands need the token in the header {Access.ApiKeyHeader}." }, statusCode: StatusCodes.Status401Unauthorized));
        app.MapPost("/telemetry/clear", async (HttpContext context, TelemetryStore telemetry, Access access) =>
        {
            if (!await IsAllowedAsync(context, access))
            {
                return Results.Text("The form is not of this dashboard. Load the page again.", statusCode: StatusCodes.Status400BadRequest);
            }

            telemetry.Clear();
            return Answer(context, null, new CommandOutcome(true, "All telemetry is forgotten."));
        });
    }

    private static async Task<bool> IsAllowedAsync(HttpContext context, Access access) =>
        context.Request.HasFormContentType
        && access.IsOwnForm(context, (await context.Request.ReadFormAsync(context.RequestAborted))[Access.FormField]);

    // The script shows the outcome in place; a browser without it gets the page again.
    private static IResult Answer(HttpContext context, string? resource, CommandOutcome outcome) =>
        context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal) ? Outcome(outcome)
        : outcome.Succeeded ? Results.Redirect(PageRequest.To("/", ("selected", resource)))
        : Results.Text(outcome.Message ?? "The command failed.", statusCode: StatusCodes.Status409Conflict);

    private static IResult Outcome(CommandOutcome outcome) => Results.Json(
        new { outcome.Succeeded, outcome.Message }, statusCode: outcome.Succeeded ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
}
