using System.Collections.Frozen;
using System.Security.Cryptography;

namespace MovieAspire.Standalone.Dashboard.Assets;

/// <summary>The style sheets, the script and the icon: part of the assembly, so that they are there wherever the AppHost is.</summary>
internal static class AssetFiles
{
    private static readonly FrozenDictionary<string, Asset> Files = new[]
    {
        Embedded("dashboard.css", "text/css; charset=utf-8"),
        Embedded("dashboard.js", "text/javascript; charset=utf-8"),
        Embedded("icon.svg", "image/svg+xml"),
        new Asset("ansi.css", "text/css; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(AnsiPalette.Css())),
    }.ToFrozenDictionary(asset => asset.Name);

    /// <summary>The address, which changes with the content, so that browsers may keep it for ever.</summary>
    public static string Url(string name) => $"/assets/{Files[name].Hash}/{name}";

    public static Asset? Find(string name) => Files.GetValueOrDefault(name);

    private static Asset Embedded(string name, string type)
    {
        using var stream = typeof(AssetFiles).Assembly.GetManifestResourceStream(name)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return new Asset(name, type, memory.ToArray());
    }

    public sealed record Asset(string Name, string Type, byte[] Content)
    {
        public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Content).AsSpan(0, 6));
    }
}
