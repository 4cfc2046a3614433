using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Reads the launch profile with which a project starts.</summary>
internal static class LaunchSettingsFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The profile that is asked for by name, or the first one that starts the project; null where there is none.</summary>
    public static (string Name, LaunchProfile Profile)? Choose(IProjectMetadata project, string? launchProfileName)
    {
        var settings = project.LaunchSettings ?? Read(Path.GetDirectoryName(project.ProjectPath)!);
        if (launchProfileName is not null)
        {
            return settings?.Profiles.GetValueOrDefault(launchProfileName) is { } chosen
                ? (launchProfileName, chosen)
                : throw new DistributedApplicationException($"The project {project.ProjectPath} has no launch profile '{launchProfileName}'.");
        }

        var first = settings?.Profiles.FirstOrDefault(p => Names.Equal(p.Value.CommandName, "Project"));
        return first is { Value: not null } ? (first.Value.Key, first.Value.Value) : null;
    }

    public static LaunchSettings? Read(string projectDirectory)
    {
        var path = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<LaunchSettings>(stream, Options);
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException($"The launch settings {path} are not valid JSON: {exception.Message}", exception);
        }
    }
}
