using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace MovieAspire.Standalone.Dashboard.Pages;

/// <summary>What a page has to know of the request: all of a page's state is in its address, so that it can be bookmarked and shared.</summary>
public sealed class PageRequest
{
    private readonly Dictionary<string, string> _query;

    internal PageRequest(HttpContext context, string formToken, bool isLive)
    {
        Path = context.Request.Path.Value!;
        Route = context.Request.RouteValues.ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "");
        Theme = context.Request.Cookies["theme"] is "dark" or "light" ? context.Request.Cookies["theme"] : null;
        FormToken = formToken;
        IsLive = isLive;
        _query = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
    }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>The parts of the path that vary.</summary>
    public IReadOnlyDictionary<string, string> Route { get; }

    /// <summary><c>dark</c> or <c>light</c> where the person chose; otherwise the system's.</summary>
    public string? Theme { get; }

    /// <summary>To be sent along by forms that change something.</summary>
    public string FormToken { get; }

    /// <summary>Whether this is an update of a page that the browser has.</summary>
    public bool IsLive { get; }

    /// <summary>All query parameters.</summary>
    public IReadOnlyDictionary<string, string> Query => _query;

    /// <summary>A query parameter; nothing for an empty one.</summary>
    public string? Get(string name) => _query.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>This page with other query parameters; nothing as a value removes one.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var query = new Dictionary<string, string>(_query);
        foreach (var (name, value) in changes)
        {
            query.Remove(name);
            if (value is not null)
            {
                query[name] = value;
            }
        }

        return Path + new QueryBuilder(query);
    }

    /// <summary>Another page with query parameters; empty ones are left out.</summary>
    public static string To(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new QueryBuilder();
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Add(name, value);
            }
        }

        return path + query;
    }
}
