using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Reviews;

/// <summary>A review.</summary>
public sealed record ReviewResponse : IVersioned
{
    public required long Id { get; init; }

    public required ReviewedMovie Movie { get; init; }

    public required ReviewAuthor Author { get; init; }

    public required string Title { get; init; }

    public required string Body { get; init; }

    public required bool ContainsSpoilers { get; init; }

    /// <summary>The number of users who marked it as helpful.</summary>
    public required int HelpfulCount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its author last changed it. Helpful votes do not change it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public int Version { get; init; }

    internal const string Columns =
        "r.id, r.movie_id, m.title, r.user_id, u.display_name, r.title, r.body, r.contains_spoilers, r.helpful_count, r.created_at, r.updated_at, r.version";

    internal const string From = "reviews r JOIN movies m ON m.id = r.movie_id JOIN users u ON u.id = r.user_id";

    internal static ReviewResponse Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Movie = new() { Id = row.GetInt64(1), Title = row.GetString(2) },
        Author = new() { Id = row.GetInt64(3), DisplayName = row.GetString(4) },
        Title = row.GetString(5),
        Body = row.GetString(6),
        ContainsSpoilers = row.GetBoolean(7),
        HelpfulCount = row.GetInt32(8),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(9),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(10),
        Version = row.GetInt32(11),
    };
}

/// <summary>The movie that a review is about.</summary>
public sealed record ReviewedMovie
{
    public required long Id { get; init; }

    public required string Title { get; init; }
}

/// <summary>The user who wrote a review.</summary>
public sealed record ReviewAuthor
{
    public required long Id { get; init; }

    public required string DisplayName { get; init; }
}

/// <summary>A user's review of a movie.</summary>
public sealed record ReviewRequest
{
    [NonBlank(Limits.ReviewTitle)]
    public required string Title { get; init; }

    [NonBlank(Limits.ReviewBody)]
    public required string Body { get; init; }

    /// <summary>Whether the text gives the plot away.</summary>
    public bool ContainsSpoilers { get; init; }
}

/// <summary>The order of a movie's reviews.</summary>
public sealed record ReviewSort
{
    private const string NewestFirst = "-createdAt";
    private const string MostHelpfulFirst = "-helpful";

    private static readonly IReadOnlyDictionary<string, SortKey> Offered = new Dictionary<string, SortKey>
    {
        ["createdAt"] = new($"r.created_at", "timestamptz"),
        ["helpful"] = new($"r.helpful_count", "integer"),
    };

    [FromQuery(Name = "sort")]
    [AllowedValues(null, NewestFirst, "createdAt", MostHelpfulFirst, ErrorMessage = "The order is -createdAt, createdAt or -helpful.")]
    [DefaultValue(NewestFirst)]
    [Description("The order: newest first, oldest first, or most helpful first.")]
    public string? Sort { get; init; }

    internal SortOrder Order => SortOrder.Parse(Sort ?? NewestFirst, Offered);
}
