using System.Globalization;

namespace MovieAspire.Api.Http;

/// <summary>
/// An id as the API writes it. Refuses other spellings of the number, such as 01 or +1, which would be further addresses of the same
/// resource.
/// </summary>
internal sealed class IdConstraint : IRouteConstraint
{
    public const string Name = "id";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value)
        && Convert.ToString(value, CultureInfo.InvariantCulture) is { } text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && text == id.ToString(CultureInfo.InvariantCulture);
}
