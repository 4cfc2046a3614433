using Microsoft.AspNetCore.Http.Extensions;

namespace MovieAspire.Api.Protocol.Paging;

/// <summary>What a cursor is bound to, and the address of the page that it leads to.</summary>
internal static class PageScope
{
    /// <summary>Parameters that may change from page to page.</summary>
    private static readonly string[] Free = ["cursor", "limit", "includeTotal", "sort"];

    /// <summary>
    /// The list's address, sort, filters and reader as one text. The sort is the one in effect, so that asking for the
    /// default by name makes no difference.
    /// </summary>
    public static string Of(HttpRequest request, string sort, long? reader)
    {
        var filters = request.Query
            .Where(parameter => !Free.Contains(parameter.Key))
            .SelectMany(parameter => parameter.Value, (parameter, value) => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(value ?? "")}")
            .Order(StringComparer.Ordinal);
        return $"{request.Path.Value?.ToUpperInvariant()}|{sort}|{reader}|{string.Join('&', filters)}";
    }

    /// <summary>A <c>Link</c> header (RFC 8288), relative to the host since that may be a proxy's.</summary>
    public static string LinkToNext(HttpRequest request, string cursor)
    {
        var query = new QueryBuilder(request.Query.Where(parameter => parameter.Key != "cursor")) { { "cursor", cursor } };
        return $"<{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{query}>; rel=\"next\"";
    }
}
