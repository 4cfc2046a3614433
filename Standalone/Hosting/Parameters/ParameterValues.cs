using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Finds the value of a parameter: configuration, user secrets, then its default.</summary>
internal static class ParameterValues
{
    public static string Resolve(IDistributedApplicationBuilder builder, string name, ParameterDefault? fallback, bool secret, bool persist)
    {
        var key = $"Parameters:{name}";
        if (builder.Configuration[key] is { } configured)
        {
            return configured;
        }

        // Data of a test is thrown away, and so are its secrets.
        var secrets = builder is DistributedApplicationBuilder { IsTest: true } ? null : UserSecrets.Of(builder.AppHostAssembly);
        if (secrets?.Read(key) is { } kept)
        {
            return kept;
        }

        if (fallback is null)
        {
            var kind = secret ? "secret parameter" : "parameter";
            throw new DistributedApplicationException(
                $"The {kind} '{name}' has no value. Give one with `dotnet user-secrets set {key} VALUE --project {builder.AppHostDirectory}` or the environment variable Parameters__{name.Replace('-', '_')}.");
        }

        var value = fallback.GetDefaultValue();
        if (persist)
        {
            secrets?.Write(key, value);
        }

        return value;
    }
}
