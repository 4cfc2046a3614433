using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MovieAspire.Admin.Forms;

/// <summary>
/// What the API's document says about the fields of a request, so that a form tells at once what the API would refuse. What the document
/// cannot say, the API says when it is asked.
/// </summary>
public sealed class RequestRules
{
    private static readonly JsonElement Document = Load();

    private readonly JsonElement _properties;
    private readonly HashSet<string> _required;

    private RequestRules(JsonElement schema)
    {
        _properties = schema.GetProperty("properties");
        _required = schema.TryGetProperty("required", out var required)
            ? [.. required.EnumerateArray().Select(name => name.GetString()!)]
            : [];
    }

    /// <summary>The rules of a request, by the name of its schema.</summary>
    public static RequestRules FromSchema(string schema) => new(Document.GetProperty("components").GetProperty("schemas").GetProperty(schema));

    public bool IsRequired(string field) => _required.Contains(field);

    /// <summary>The longest text that a field takes; null where there is no limit.</summary>
    public int? MaxLength(string field) => Number(field, "maxLength") is { } length ? (int)length : null;

    /// <summary>The values that a field can have, where the document lists them.</summary>
    public IReadOnlyList<string> Choices(string field) => _properties.GetProperty(field).TryGetProperty("enum", out var values)
        ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
        : [];

    /// <summary>Why the API would refuse the value; null where it would not, as far as the document tells.</summary>
    public string? Check(string field, object? value) => value switch
    {
        null or "" => IsRequired(field) ? "Required." : null,
        string text => CheckText(field, text),
        IReadOnlyCollection<string> items => Number(field, "maxItems") is { } most && items.Count > most ? $"{most} at most." : null,
        IConvertible number => CheckNumber(field, number.ToDouble(CultureInfo.InvariantCulture)),
        _ => null,
    };

    private string? CheckText(string field, string text)
    {
        if (Number(field, "minLength") >= 1 && string.IsNullOrWhiteSpace(text))
        {
            return "Not only white space.";
        }

        // The API counts characters, however many units they have.
        var length = text.Trim().EnumerateRunes().Count();
        if (Number(field, "maxLength") is { } longest && length > longest)
        {
            return $"{longest} characters at most; there are {length}.";
        }

        // A browser takes a year of five digits and more.
        if (_properties.GetProperty(field).TryGetProperty("format", out var format) && format.ValueEquals("date")
            && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return "A date with a year of four digits.";
        }

        return _properties.GetProperty(field).TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!)
            ? Description(field) ?? "Not in the form that the API takes."
            : null;
    }

    private string? CheckNumber(string field, double number) => (Number(field, "minimum"), Number(field, "maximum")) switch
    {
        ({ } least, { } most) when number < least || number > most => $"{least} to {most}.",
        ({ } least, null) when number < least => $"{least} at least.",
        _ => null,
    };

    private string? Description(string field) =>
        _properties.GetProperty(field).TryGetProperty("description", out var text) ? text.GetString() : null;

    private double? Number(string field, string keyword) =>
        _properties.GetProperty(field).TryGetProperty(keyword, out var number) ? number.GetDouble() : null;

    private static JsonElement Load()
    {
        using var document = typeof(RequestRules).Assembly.GetManifestResourceStream("openapi.json")!;
        return JsonDocument.Parse(document).RootElement;
    }
}
