using System.Collections.ObjectModel;
using Npgsql;

namespace MovieAspire.Api.Protocol.Paging;

/// <summary>A list as SQL: what a row shows, where rows come from, which of them, and in which order.</summary>
internal sealed record ListQuery<T>
{
    /// <summary>What goes before the SELECT, where the rows come from a computation.</summary>
    public FormattableString With { get; init; } = $"";

    public required string Columns { get; init; }

    public required string From { get; init; }

    /// <summary>Conditions that all must hold.</summary>
    public IReadOnlyList<FormattableString> Where { get; init; } = [];

    /// <summary>Settings of PostgreSQL that hold while the list is read.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public required SortOrder Sort { get; init; }

    /// <summary>A unique <c>bigint</c> column that orders rows whose sort keys are equal.</summary>
    public required string TieBreaker { get; init; }

    /// <summary>Whose list it is, where the same address shows each person another one.</summary>
    public long? Reader { get; init; }

    public required Func<NpgsqlDataReader, T> Read { get; init; }
}
