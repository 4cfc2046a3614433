using Npgsql;

namespace MovieAspire.Api.Users;

/// <summary>What everybody may see of a person.</summary>
public sealed record PublicProfile
{
    public required long Id { get; init; }

    public required string DisplayName { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    public required long RatingCount { get; init; }

    public required long ReviewCount { get; init; }

    internal static PublicProfile Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        DisplayName = row.GetString(1),
        JoinedAt = row.GetFieldValue<DateTimeOffset>(2),
        RatingCount = row.GetInt64(3),
        ReviewCount = row.GetInt64(4),
    };
}
