using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Turns values into the placeholders of a manifest, and remembers which parameters they need.</summary>
internal sealed class ManifestValues
{
    private readonly List<ParameterResource> _parameters = [];
    private readonly List<ParameterResource> _uriEncoded = [];

    public IEnumerable<ParameterResource> Parameters => _parameters;

    /// <summary>Parameters that stand inside a URI, where their special characters have to be encoded.</summary>
    public IEnumerable<ParameterResource> UriEncoded => _uriEncoded;

    public static string UriEncodedName(ParameterResource parameter) => $"{parameter.Name}-uri-encoded";

    public string Of(object value)
    {
        switch (value)
        {
            case ReferenceExpression expression:
                var parts = expression.ValueProviders.Select((provider, i) => Part(provider, expression.StringFormats[i]));
                return string.Format(CultureInfo.InvariantCulture, expression.Format, [.. parts]);
            case ParameterResource parameter:
                Remember(_parameters, parameter);
                return parameter.ValueExpression;
            case IManifestExpressionProvider provider:
                return provider.ValueExpression;
            default:
                return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
    }

    private string Part(IValueProvider provider, string? format)
    {
        switch (provider)
        {
            case ParameterResource parameter when format == "uri":
                Remember(_parameters, parameter);
                Remember(_uriEncoded, parameter);
                return $"{{{UriEncodedName(parameter)}.value}}";
            case ReferenceExpression { ValueProviders: [] } literal when format == "uri":
                return Uri.EscapeDataString(Of(literal));
            case ReferenceExpression { Format: "{0}" } wrapped:
                return Part(wrapped.ValueProviders[0], format ?? wrapped.StringFormats[0]);
            default:
                return Of(provider);
        }
    }

    private static void Remember(List<ParameterResource> list, ParameterResource parameter)
    {
        if (!list.Contains(parameter))
        {
            list.Add(parameter);
        }
    }
}
