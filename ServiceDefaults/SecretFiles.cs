using Microsoft.Extensions.Configuration;

namespace MovieAspire.ServiceDefaults;

/// <summary>
/// Secrets that an engine mounts as files, so that no <c>inspect</c> and no child process shows them: the file
/// <c>ConnectionStrings__moviedb</c> is the setting <c>ConnectionStrings:moviedb</c>.
/// </summary>
public static class SecretFiles
{
    /// <summary>Where Docker, Podman and Kubernetes conventionally mount them.</summary>
    public const string DefaultFolder = "/run/secrets";

    /// <summary>Adds the folder's files, each a setting that wins over the environment; no folder, no settings.</summary>
    public static IConfigurationBuilder AddSecretFiles(this IConfigurationBuilder configuration, string folder = DefaultFolder) =>
        configuration.AddKeyPerFile(Path.GetFullPath(folder), optional: true);
}
