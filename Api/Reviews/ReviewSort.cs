using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using MovieAspire.Api.Protocol.Paging;

namespace MovieAspire.Api.Reviews;

/// <summary>The order of a film's reviews.</summary>
public sealed record ReviewSort
{
    private const string LatestFirst = "-createdAt";
    private const string MostHelpfulFirst = "-helpful";

    private static readonly IReadOnlyDictionary<string, SortKey> Offered = new Dictionary<string, SortKey>
    {
        ["createdAt"] = new($"r.created_at", "timestamptz"),
        ["helpful"] = new($"r.helpful_count", "integer"),
    };

    [FromQuery(Name = "sort")]
    [AllowedValues(null, LatestFirst, "createdAt", MostHelpfulFirst, ErrorMessage = "The order is -createdAt, createdAt or -helpful.")]
    [DefaultValue(LatestFirst)]
    [Description("The order: latest first, oldest first, or most helpful first.")]
    public string? Sort { get; init; }

    internal SortOrder Order => SortOrder.Of(Sort ?? LatestFirst, Offered);
}
