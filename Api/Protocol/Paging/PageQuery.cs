using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace MovieAspire.Api.Protocol.Paging;

/// <summary>The part of a list request that every list takes.</summary>
public sealed record PageQuery
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;

    /// <summary>How many items the page may have.</summary>
    [FromQuery(Name = "limit")]
    [Range(1, MaxLimit)]
    [DefaultValue(DefaultLimit)]
    [Description("How many items the page may have.")]
    public int? Limit { get; init; }

    /// <summary>The <c>nextCursor</c> of the page before.</summary>
    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the page before; it holds only for the sort and the filters that gave it.")]
    public string? Cursor { get; init; }

    /// <summary>Whether to count all items that the filters let through.</summary>
    [FromQuery(Name = "includeTotal")]
    [DefaultValue(false)]
    [Description("Whether to count all items that the filters let through; counting costs more than a page.")]
    public bool? IncludeTotal { get; init; }
}
