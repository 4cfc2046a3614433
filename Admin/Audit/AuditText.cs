using System.Globalization;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Serialization;
using MovieAspire.Admin.Movies;
using MovieAspire.ApiClient.Models;

namespace MovieAspire.Admin.Audit;

/// <summary>An act of the audit trail in words.</summary>
internal static class AuditText
{
    /// <summary>The worker's backup, whose values are its file, the bytes of that, and the reason of an automatic one.</summary>
    public const string DatabaseBackedUp = "database.backedUp";

    public const string UserLocked = "user.locked";

    /// <summary>What the API calls an act, and what people call it.</summary>
    public static readonly IReadOnlyDictionary<string, string> Acts = new Dictionary<string, string>
    {
        ["movie.created"] = "Movie created",
        ["movie.updated"] = "Movie changed",
        ["movie.deleted"] = "Movie deleted",
        ["movies.imported"] = "Movies imported",
        ["genre.created"] = "Genre created",
        ["genre.renamed"] = "Genre renamed",
        ["genre.merged"] = "Genre merged",
        ["genre.deleted"] = "Genre deleted",
        ["review.kept"] = "Review kept",
        ["review.removed"] = "Review removed",
        ["role.added"] = "Role given",
        ["role.removed"] = "Role taken",
        [UserLocked] = "Account locked",
        ["user.unlocked"] = "Account unlocked",
        ["session.ended"] = "Session ended",
        ["sessions.ended"] = "All sessions ended",
        [DatabaseBackedUp] = "Database backed up",
    };

    /// <summary>Values whose names in the API say too little. Those of a movie are called as in its form.</summary>
    private static readonly Dictionary<string, string> Labels = new(MovieField.All.Select(field => KeyValuePair.Create(field.Name, field.Label)))
    {
        ["movieId"] = "Number of the movie",
        ["movieCount"] = "Movies",
        ["into"] = "Merged into genre",
        ["created"] = "New",
        ["updated"] = "Changed",
    };

    /// <summary>One that a newer API knows keeps its name there.</summary>
    public static string Act(AuditEntryResponse entry) => Acts.GetValueOrDefault(entry.Action!, entry.Action!);

    /// <summary>The page of what was acted on; null where there is no such page, or not any more.</summary>
    public static string? Address(AuditEntryResponse entry) => (entry.SubjectType, entry.SubjectId) switch
    {
        _ when entry.Action is "movie.deleted" => null,
        ("movie", { } id) => $"movies/{id}",
        // A deleted account has no name.
        ("user", { } id) when entry.SubjectName is not null => $"users/{id}",
        _ => null,
    };

    /// <summary>Why it was done; null where no reason was given.</summary>
    public static string? Reason(AuditEntryResponse entry) =>
        Show(entry.After?.AdditionalData ?? Nothing, "reason") is { Length: > 0 } reason ? reason : null;

    /// <summary>The values before and after, by their names, with the page of a value that is an id.</summary>
    public static IReadOnlyList<AuditValue> Values(AuditEntryResponse entry)
    {
        var (before, after) = (entry.Before?.AdditionalData ?? Nothing, entry.After?.AdditionalData ?? Nothing);
        return [.. before.Keys.Union(after.Keys)
            .Select(name => Value(entry, name, Show(before, name), Show(after, name)))
            .Where(value => value is not { Before: "", After: "" })];
    }

    /// <summary>A movie and an author are only those of a review, which goes by its movie.</summary>
    private static AuditValue Value(AuditEntryResponse entry, string name, string before, string after) => name switch
    {
        "movieId" when entry.SubjectName is { } title => new("Movie", $"{title} (movie {before})", after, $"movies/{before}"),
        "authorId" => new("Author", $"user {before}", after, $"users/{before}"),
        _ => new(Words(name), before, after, null),
    };

    private static IDictionary<string, object> Nothing { get; } = new Dictionary<string, object>();

    private static string Show(IDictionary<string, object> values, string name) => values.TryGetValue(name, out var value) ? Show(value) : "";

    private static string Show(object? value) => value switch
    {
        null or UntypedNull => "",
        bool yes => yes ? "yes" : "no",
        UntypedBoolean yes => yes.GetValue() ? "yes" : "no",
        UntypedArray array => string.Join(", ", array.GetValue().Select(Show)),
        UntypedString text => text.GetValue() ?? "",
        UntypedInteger number => Show(number.GetValue()),
        UntypedLong number => Show(number.GetValue()),
        UntypedDouble number => Show(number.GetValue()),
        UntypedDecimal number => Show(number.GetValue()),
        // Kiota takes a text that looks like a time for one.
        DateTimeOffset time => Show(time.UtcDateTime),
        DateTime time => time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        Date day => day.ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    /// <summary><c>openReports</c> as Open reports.</summary>
    private static string Words(string name)
    {
        if (Labels.TryGetValue(name, out var label))
        {
            return label;
        }

        var words = string.Concat(name.Select(letter => char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
        return words.Length == 0 ? name : $"{char.ToUpperInvariant(words[0])}{words[1..]}";
    }
}

/// <summary>A value before and after an act, as people call it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Before">Empty where it had none.</param>
/// <param name="After">Empty where it has none.</param>
/// <param name="Address">The page of what <paramref name="Before"/> names; null where it is no name, or there is no such page.</param>
internal sealed record AuditValue(string Name, string Before, string After, string? Address);
