using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>The environment of a project, as Aspire would give it.</summary>
internal static class ProjectEnvironment
{
    /// <summary>What the model says, resolved to strings.</summary>
    public static async Task<Dictionary<string, string>> EvaluateAsync(
        ProjectResource project, string id, IReadOnlyList<InstanceEndpoint> endpoints, SupervisorServices services, CancellationToken cancellationToken)
    {
        var seed = new Dictionary<string, object> { ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple" };
        if (endpoints.Count > 0)
        {
            seed["ASPNETCORE_URLS"] = string.Join(';', endpoints.Where(e => e.Annotation.UriScheme is "http" or "https").Select(e => e.Url));
        }

        foreach (var endpoint in endpoints.Where(e => e.Annotation.PortVariable is not null))
        {
            seed[endpoint.Annotation.PortVariable!] = endpoint.Port.ToString(CultureInfo.InvariantCulture);
        }

        if (services.Mode.ThrowAway)
        {
            // Nobody edits settings during a test, and the watchers of many applications exhaust the system's (inotify).
            seed["DOTNET_HOSTBUILDER__RELOADCONFIGONCHANGE"] = "false";
        }

        foreach (var (name, value) in await services.Dashboard.TelemetryAsync(project.Name, id))
        {
            seed[name] = value;
        }

        return await ResourceCallbacks.EnvironmentAsync(project, services.Builder.ExecutionContext, seed, cancellationToken);
    }

    /// <summary>What the model says, over what the AppHost itself was given, less what is meant for the AppHost alone.</summary>
    public static IReadOnlyDictionary<string, string> Inherit(IReadOnlyDictionary<string, string> given)
    {
        var environment = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!IsForAppHostOnly(name))
            {
                environment[name] = (string?)variable.Value ?? "";
            }
        }

        foreach (var (name, value) in given)
        {
            environment[name] = value;
        }

        return environment;
    }

    private static bool IsForAppHostOnly(string name) =>
        name is "ASPNETCORE_URLS" or "DOTNET_URLS" or "DOTNET_LAUNCH_PROFILE"
        || name.StartsWith("ASPIRE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Parameters__", StringComparison.OrdinalIgnoreCase);
}
