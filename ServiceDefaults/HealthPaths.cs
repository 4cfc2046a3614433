using Microsoft.AspNetCore.Http;

namespace MovieAspire.ServiceDefaults;

/// <summary>Where a service tells how it is. Asked every few seconds, so left out of traces and request metrics.</summary>
public static class HealthPaths
{
    public const string Ready = "/health";
    public const string Alive = "/alive";

    public static bool Contains(PathString path) => path.Equals(Ready) || path.Equals(Alive);
}
