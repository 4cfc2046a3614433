using System.ComponentModel.DataAnnotations;

namespace MovieAspire.Api.Protocol.RequestLimits;

/// <summary>Requests a minute that one user, or one address, may send; section <c>RateLimits</c> of the configuration.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    [Range(1, int.MaxValue)]
    public int Reads { get; set; } = 1200;

    [Range(1, int.MaxValue)]
    public int Writes { get; set; } = 300;

    [Range(1, int.MaxValue)]
    public int Accounts { get; set; } = 20;

    public int Of(RateClass operations) => operations switch
    {
        RateClass.Reads => Reads,
        RateClass.Writes => Writes,
        _ => Accounts,
    };
}
