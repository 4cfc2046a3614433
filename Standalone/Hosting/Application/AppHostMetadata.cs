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

    /// <summary>The name of the project file, which is the same in every clone.</summary>
    public static string? ProjectName(Assembly? assembly) => Value(assembly, "apphostprojectname");

    /// <summary>Tells the data of one AppHost from that of another.</summary>
    public static string ShortHash(string identity) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..10];

    private static string? Value(Assembly? assembly, string key) => assembly?
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
}
