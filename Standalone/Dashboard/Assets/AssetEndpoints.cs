using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MovieAspire.Standalone.Dashboard.Assets;

/// <summary>Serves <see cref="AssetFiles"/>.</summary>
internal static class AssetEndpoints
{
    public static void MapAssets(this IEndpointRouteBuilder app) => app.MapGet("/assets/{hash}/{name}", (string name, HttpContext context) =>
    {
        if (AssetFiles.Find(name) is not { } asset)
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "max-age=31536000, immutable";
        return Results.Bytes(asset.Content, asset.Type);
    });
}
