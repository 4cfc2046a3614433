using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace MovieAspire.Api.Protocol.Paging;

/// <summary>The order of a list that is sorted by time.</summary>
public sealed record TimeSort
{
    private const string LatestFirst = "-createdAt";

    [FromQuery(Name = "sort")]
    [AllowedValues(null, LatestFirst, "createdAt", ErrorMessage = "The order is -createdAt or createdAt.")]
    [DefaultValue(LatestFirst)]
    [Description("The order: latest first, or oldest first.")]
    public string? Sort { get; init; }

    internal SortOrder On(FormattableString column) => new(Sort ?? LatestFirst, new(column, "timestamptz"));
}
