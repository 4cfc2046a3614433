using System.Reflection;
using Aspire.Hosting;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Finds the assembly that a project was built into.</summary>
internal static class ProjectOutput
{
    /// <exception cref="DistributedApplicationException">The project is not there, or not built.</exception>
    public static async Task<string> FindAsync(Assembly? appHost, string projectPath, CancellationToken cancellationToken)
    {
        if (!File.Exists(projectPath))
        {
            throw new DistributedApplicationException($"There is no project {projectPath}.");
        }

        // A project that the AppHost names by path only is not built with it, so its own build knows.
        var output = AppHostMetadata.OutputOf(appHost, projectPath) ?? await AskBuildAsync(projectPath, cancellationToken);
        return File.Exists(output) ? output : throw new DistributedApplicationException(
            $"The project {projectPath} is not built: {output} is missing. Run `dotnet build {projectPath}`.");
    }

    private static async Task<string> AskBuildAsync(string projectPath, CancellationToken cancellationToken)
    {
        var result = await Tool.RunAsync(new Command("dotnet", ["msbuild", projectPath, "-getProperty:TargetPath"]), TimeSpan.FromSeconds(30), cancellationToken);
        return result is { Succeeded: true } ? result.Output.Trim() : throw new DistributedApplicationException(
            $"The build output of {projectPath} cannot be found out: {result?.Output.Trim() ?? "dotnet msbuild did not answer"}.");
    }
}
