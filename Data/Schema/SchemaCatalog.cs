using System.Text;
using Npgsql;

namespace MovieAspire.Data.Schema;

/// <summary>The objects of a schema: of a live database, or of this build.</summary>
public static class SchemaCatalog
{
    private const string Mark = "--- ";

    /// <summary>
    /// The schema that this build's migrations make, from the file <c>Schema/schema.sql</c>, which MigrationTests keeps true.
    /// </summary>
    public static IReadOnlyList<SchemaObject> ReadExpected() => Parse(Read("schema.sql"));

    /// <summary>The schema of a live database, in a stable order.</summary>
    public static async Task<IReadOnlyList<SchemaObject>> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        var objects = new List<SchemaObject>();
        await using var command = new NpgsqlCommand(Read("catalog.sql"), connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var definition = StableDefinition.Normalize(reader.GetString(2).ReplaceLineEndings("\n").Trim());
            objects.Add(new SchemaObject(reader.GetString(0), reader.GetString(1), definition));
        }

        return [.. objects.OrderBy(part => part.Kind, StringComparer.Ordinal).ThenBy(part => part.Name, StringComparer.Ordinal)];
    }

    /// <summary>Writes what <see cref="ReadExpected"/> reads: a line that names each object, and its definition below.</summary>
    public static string Format(IEnumerable<SchemaObject> objects)
    {
        var text = new StringBuilder();
        foreach (var part in objects)
        {
            text.Append(Mark).Append(part.Kind).Append(' ').Append(part.Name).Append('\n');
            text.Append(part.Definition).Append(part.Definition.Length > 0 ? "\n" : "");
        }

        return text.ToString();
    }

    private static List<SchemaObject> Parse(string text)
    {
        var objects = new List<SchemaObject>();
        foreach (var entry in ("\n" + text).Split("\n" + Mark, StringSplitOptions.RemoveEmptyEntries))
        {
            var (head, definition) = entry.Split('\n', 2) is [var first, var rest] ? (first, rest) : (entry, "");
            var space = head.IndexOf(' ', StringComparison.Ordinal);
            objects.Add(new SchemaObject(head[..space], head[(space + 1)..], definition.Trim()));
        }

        return objects;
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(SchemaCatalog).Assembly.GetManifestResourceStream("schema/" + name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
