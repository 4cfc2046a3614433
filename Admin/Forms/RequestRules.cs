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

    private readonly Dictionary<string, Rule> _rules;

    private RequestRules(Dictionary<string, Rule> rules) => _rules = rules;

    /// <summary>The rules of a request's body, by the name of its schema.</summary>
    public static RequestRules FromSchema(string schema)
    {
        var body = Document.GetProperty("components").GetProperty("schemas").GetProperty(schema);
        HashSet<string> required = body.TryGetProperty("required", out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];
        return new(body.GetProperty("properties").EnumerateObject().ToDictionary(
            field => field.Name, field => new Rule(field.Value, Text(field.Value, "description"), required.Contains(field.Name))));
    }

    /// <summary>The rules of the parameters of a GET request.</summary>
    public static RequestRules FromParameters(string path) =>
        new(Document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("parameters").EnumerateArray().ToDictionary(
            field => Text(field, "name")!, field => new Rule(field.GetProperty("schema"), Text(field, "description"), IsRequired: false)));

    public bool IsRequired(string field) => _rules[field].IsRequired;

    public bool IsNumber(string field) => IsOfType(field, "integer") || IsOfType(field, "number");

    /// <summary>The longest text that a field takes; null where there is no limit.</summary>
    public int? MaxLength(string field) => Number(field, "maxLength") is { } length ? (int)length : null;

    /// <summary>The values that a field can have, where the document lists them.</summary>
    public IReadOnlyList<string> Choices(string field) => _rules[field].Schema.TryGetProperty("enum", out var values)
        ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
        : [];

    /// <summary>Why the API would refuse the value; null where it would not, as far as the document tells.</summary>
    /// <param name="field">As the API names it.</param>
    /// <param name="value">As it is typed; of a list, its items.</param>
    public string? Check(string field, object? value) => value switch
    {
        null or "" => IsRequired(field) ? "Required." : null,
        string text when IsOfType(field, "integer") => CheckNumber(field, NumberText.ParseWhole(text), "A whole number."),
        string text when IsOfType(field, "number") => CheckNumber(field, NumberText.ParseFraction(text), "A number."),
        string text => CheckText(field, text),
        IReadOnlyCollection<string> items => Number(field, "maxItems") is { } most && items.Count > most ? $"{most} at most." : null,
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

        // A browser takes a year of five digits and more. What is an instant at the API is a day here.
        if (Text(_rules[field].Schema, "format") is "date" or "date-time"
            && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return "A date with a year of four digits.";
        }

        return Text(_rules[field].Schema, "pattern") is { } pattern && !Regex.IsMatch(text, pattern)
            ? _rules[field].Description ?? "Not in the form that the API takes."
            : null;
    }

    private string? CheckNumber(string field, double? number, string kind) => (Number(field, "minimum"), Number(field, "maximum")) switch
    {
        _ when number is null => kind,
        ({ } least, { } most) when number < least || number > most => $"{least} to {most}.",
        ({ } least, null) when number < least => $"{least} at least.",
        _ => null,
    };

    private bool IsOfType(string field, string type) => _rules[field].Schema.TryGetProperty("type", out var types)
        && (types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Any(one => one.ValueEquals(type)) : types.ValueEquals(type));

    private double? Number(string field, string keyword) =>
        _rules[field].Schema.TryGetProperty(keyword, out var number) ? number.GetDouble() : null;

    private static string? Text(JsonElement element, string keyword) =>
        element.TryGetProperty(keyword, out var text) ? text.GetString() : null;

    private static JsonElement Load()
    {
        using var document = typeof(RequestRules).Assembly.GetManifestResourceStream("openapi.json")!;
        return JsonDocument.Parse(document).RootElement;
    }

    private sealed record Rule(JsonElement Schema, string? Description, bool IsRequired);
}
