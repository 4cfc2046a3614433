using System.Globalization;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Serialization;
using MovieAspire.ApiClient.Models;

namespace MovieAspire.Admin.Audit;

/// <summary>An act of the audit trail in words.</summary>
internal static class AuditText
{
    /// <summary>The worker's backup, whose values are its file, the bytes of that, and the reason of an automatic one.</summary>
    public const string DatabaseBackedUp = "database.backedUp";

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
        ["user.locked"] = "Account locked",
        ["user.unlocked"] = "Account unlocked",
        ["session.ended"] = "Session ended",
        ["sessions.ended"] = "All sessions ended",
        [DatabaseBackedUp] = "Database backed up",
    };

    /// <summary>One that a newer API knows keeps its name there.</summary>
    public static string Act(AuditEntryResponse entry) => Acts.GetValueOrDefault(entry.Action!, entry.Action!);

    /// <summary>The page of what was acted on; null where there is no such page, or not any more.</summary>
    public static string? Address(AuditEntryResponse entry) => (entry.SubjectType, entry.SubjectId) switch
    {
        _ when entry.Action is "movie.deleted" => null,
        ("movie", { } id) => $"movies/{id}",
        ("user", { } id) => $"users/{id}",
        _ => null,
    };

    /// <summary>The values before and after, by their names.</summary>
    public static IReadOnlyList<(string Name, string Before, string After)> Values(AuditEntryResponse entry)
    {
        var (before, after) = (entry.Before?.AdditionalData ?? Nothing, entry.After?.AdditionalData ?? Nothing);
        return [.. before.Keys.Union(after.Keys)
            .Select(name => (Words(name), Show(before, name), Show(after, name)))
            .Where(value => value is not (_, "", ""))];
    }

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

    /// <summary><c>runtimeMinutes</c> as Runtime minutes.</summary>
    private static string Words(string name)
    {
        var words = string.Concat(name.Select(letter => char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
        return words.Length == 0 ? name : $"{char.ToUpperInvariant(words[0])}{words[1..]}";
    }
}
