using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;

namespace MovieAspire.Build.Tests;

/// <summary>A small solution with this repository's build files, package sources of its own, and nothing decided yet.</summary>
internal sealed class Checkout : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("movieaspire-build-").FullName;

    public Checkout(string source)
    {
        var root = Metadata("RepositoryRoot");
        foreach (var file in Directory.GetFiles(root, "Directory.*").Concat(Directory.GetFiles(Path.Combine(root, "eng"), "Aspire*", SearchOption.AllDirectories)))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Write("App/App.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><NuGetAudit>false</NuGetAudit></PropertyGroup>
              <Target Name="Tell" AfterTargets="Build"><Message Importance="high" Text="built with AspirePackages=$(AspirePackages)" /></Target>
            </Project>
            """);
        Write("Standalone/Stand/Standalone.Stand.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><NuGetAudit>false</NuGetAudit></PropertyGroup>
              <Target Name="Tell" AfterTargets="Build"><Message Importance="high" Text="built the stand-in" /></Target>
            </Project>
            """);
        Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="test" value="{source}" allowInsecureConnections="true" /></packageSources>
              <config><add key="globalPackagesFolder" value="packages" /></config>
            </configuration>
            """);
        Run("new", "sln", "--name", "All", "--format", "sln");
        Run("sln", "add", "App/App.csproj", "Standalone/Stand/Standalone.Stand.csproj");
    }

    /// <summary>Makes a folder that serves, as a package source, empty packages under the names that the probe asks for.</summary>
    public static string SourceWithAspire(params string[] except)
    {
        var source = Directory.CreateTempSubdirectory("movieaspire-source-").FullName;
        var aspire = Metadata("AspireVersion");
        (string Id, string Version)[] packages =
        [
            ("Aspire.AppHost.Sdk", aspire), ("Aspire.Hosting.AppHost", aspire), ("Aspire.Hosting.Docker", aspire),
            ("Aspire.Hosting.PostgreSQL", aspire), ("Aspire.Hosting.Testing", aspire),
            ("Aspire.Npgsql.EntityFrameworkCore.PostgreSQL", aspire), ("OpenTelemetry.Extensions.Hosting", Metadata("OpenTelemetryVersion")),
        ];
        foreach (var (id, version) in packages.Where(package => !except.Contains(package.Id)))
        {
            using var package = ZipFile.Open(Path.Combine(source, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
            using var writer = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
            writer.Write($"<package><metadata><id>{id}</id><version>{version}</version><authors>test</authors><description>test</description></metadata></package>");
        }

        return source;
    }

    /// <summary>Runs <c>dotnet</c> in the checkout and returns what it printed.</summary>
    public string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name == "AspirePackages").ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + error.Result;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Metadata(string key) => typeof(Checkout).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
