using Microsoft.Extensions.Configuration;

namespace MovieAspire.ServiceDefaults;

/// <summary>
/// Secrets that a container engine mounts as files: unlike variables, they are not shown by <c>inspect</c> or inherited by child
/// processes. The file <c>ConnectionStrings__moviedb</c> is the setting <c>ConnectionStrings:moviedb</c>.
/// </summary>
public static class SecretFiles
{
    /// <summary>Where engines mount them by convention.</summary>
    public const string DefaultFolder = "/run/secrets";

    /// <summary>Adds the folder's files as settings, which take precedence over the environment. The folder is optional.</summary>
    public static IConfigurationBuilder AddSecretFiles(this IConfigurationBuilder configuration, string folder = DefaultFolder) =>
        configuration.AddKeyPerFile(Path.GetFullPath(folder), optional: true);
}
