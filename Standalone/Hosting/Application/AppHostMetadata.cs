using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace MovieAspire.Standalone.Hosting;

/// <summary>What the build wrote into the AppHost's assembly (build/Standalone.AppHost.targets).</summary>
internal static class AppHostMetadata
{
    public static string? ProjectDirectory(Assembly? assembly) => Value(assembly, "apphostprojectpath");

    public static string? HostReason(Assembly? assembly) => Value(assembly, "standalone.hostreason");

    /// <summary>The built assembly of a referenced project, or null where the build does not know the project.</summary>
    public static string? OutputOf(Assembly? assembly, string projectPath) =>
        Value(assembly, "standalone.output:" + projectPath);

    /// <summary>Tells the data of this AppHost from that of another clone.</summary>
    public static string ShortHash(string appHostDirectory) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(appHostDirectory)))[..10];

    private static string? Value(Assembly? assembly, string key) => assembly?
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
}
