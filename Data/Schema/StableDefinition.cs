using System.Text.RegularExpressions;

namespace MovieAspire.Data.Schema;

/// <summary>
/// Definitions as they read after a backup was restored. PostgreSQL prints <c>column IN ('a', 'b')</c> over a column of type
/// <c>varchar</c> as a cast of the whole list; what it makes of that text, it prints as a cast of each value, and so on for good.
/// </summary>
internal static partial class StableDefinition
{
    public static string Normalize(string definition) =>
        CastList().Replace(definition, list => $"ARRAY[{Value().Replace(list.Groups["values"].Value, "($0)::text")}]");

    [GeneratedRegex(@"\(ARRAY\[(?<values>'(?:[^']|'')*'::character varying(?:, '(?:[^']|'')*'::character varying)*)\]\)::text\[\]")]
    private static partial Regex CastList();

    [GeneratedRegex("'(?:[^']|'')*'::character varying")]
    private static partial Regex Value();
}
