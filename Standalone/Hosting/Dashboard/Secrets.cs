using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>
/// Tells which values hold a secret: those that the model declares to be one, those with names that people give to secrets, and
/// whatever contains one of these, such as the address of a database.
/// </summary>
internal sealed class Secrets
{
    private const int MinLength = 6;

    private static readonly string[] Words = ["PASSWORD", "SECRET", "TOKEN", "APIKEY", "API_KEY", "CREDENTIAL", "PRIVATE", "OTLP_HEADERS", "CONNECTIONSTRING"];

    private readonly HashSet<string> _values = [];

    public Secrets(DistributedApplicationModel model, IEnumerable<EnvironmentVariableSnapshot> environment)
    {
        // A parameter that nobody asked for yet may have no value, and asking is an error then.
        Add(model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret).Select(parameter => parameter.KnownValue));
        Add(environment.Where(variable => HasName(variable.Name)).Select(variable => variable.Value));
    }

    public bool Hold(string name, string value) => HasName(name) || _values.Any(secret => value.Contains(secret, StringComparison.Ordinal));

    private static bool HasName(string name) => Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private void Add(IEnumerable<string?> values)
    {
        foreach (var value in values.Where(value => value?.Length >= MinLength))
        {
            _values.Add(value!);
            // Inside of URIs it is escaped.
            _values.Add(Uri.EscapeDataString(value!));
        }
    }
}
