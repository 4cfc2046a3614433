using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>A column's definition, in the parts that are changed one by one.</summary>
internal sealed partial record ColumnDefinition(string Type, string? Generated, string? Default, bool NotNull)
{
    public static ColumnDefinition Parse(string definition)
    {
        var match = Parts().Match(definition);
        return new ColumnDefinition(match.Groups["type"].Value, Value("generated"), Value("default"), match.Groups["null"].Success);

        string? Value(string name) => match.Groups[name] is { Success: true } group ? group.Value : null;
    }

    [GeneratedRegex("^(?<type>.+?)(?: (?<generated>GENERATED .+?)| DEFAULT (?<default>.+?))?(?<null> NOT NULL)?$", RegexOptions.Singleline)]
    private static partial Regex Parts();
}
