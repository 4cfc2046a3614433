using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MovieAspire.Standalone.Dashboard.Pages;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Api;

/// <summary>What the pages show, as JSON for scripts and tests. The filters are the pages' own.</summary>
internal static class ApiEndpoints
{
    private const int DefaultLimit = 200;
    private const int MaxLimit = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/resources", (IResourceSource source) => Answer(new
        {
            Resources = source.Resources.Select(resource => ResourceView.Of(resource, source.Resources)),
        }));
        app.MapGet("/api/telemetry/logs", (HttpRequest request, TelemetryStore telemetry) =>
        {
            if (!TryReadLimit(request, out var limit, out var problem))
            {
                return problem;
            }

            var (page, total) = telemetry.Logs.Find(QueryReader.Logs(Get(request), limit));
            return Answer(new { Total = total, Logs = page.Select(LogView.Of) });
        });
        app.MapGet("/api/telemetry/traces", (HttpRequest request, TelemetryStore telemetry) =>
        {
            if (!TryReadLimit(request, out var limit, out var problem))
            {
                return problem;
            }

            var (page, total) = telemetry.Traces.Find(QueryReader.Traces(Get(request), limit));
            return Answer(new { Total = total, Traces = page.Select(TraceView.Of) });
        });
        app.MapGet("/api/telemetry/traces/{id}", (string id, TelemetryStore telemetry) =>
            telemetry.Traces.Get(TraceId.Parse(id)) is { } trace
                ? Answer(TraceView.Of(trace.Summary) with { SpanList = [.. trace.Spans.Select(SpanView.Of)] })
                : Results.Json(new { error = $"There is no trace '{id}', or no longer." }, Json, statusCode: StatusCodes.Status404NotFound));
    }

    private static IResult Answer<T>(T value) => Results.Json(value, Json);

    private static Func<string, string?> Get(HttpRequest request) =>
        name => request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    private static bool TryReadLimit(HttpRequest request, out int limit, out IResult problem)
    {
        problem = Results.Json(new { error = $"'limit' is a number from 1 to {MaxLimit}." }, Json, statusCode: StatusCodes.Status400BadRequest);
        var given = request.Query["limit"].ToString();
        limit = DefaultLimit;
        return given.Length == 0 || (int.TryParse(given, out limit) && limit is >= 1 and <= MaxLimit);
    }
}
