using System.ComponentModel.DataAnnotations;

namespace MovieAspire.Api.Caching;

/// <summary>Section <c>Cache</c> of the configuration.</summary>
internal sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>Memory for public responses, in MB. 0 disables the cache.</summary>
    [Range(0, 16384)]
    public int Megabytes { get; set; } = 64;
}
