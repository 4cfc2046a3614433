using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>Programs of npm packages, installed into artifacts/ by the first test that needs them.</summary>
internal sealed class NpmTool(string name, params string[] packages)
{
    private static readonly string Npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>The folder with the packages' <c>node_modules</c>.</summary>
    public string Folder { get; } = Repository.PathOf("artifacts", "npm", name);

    /// <summary>Runs one of the programs to its end, in the folder.</summary>
    public async Task<ProcessResult> RunAsync(string program, params string[] arguments)
    {
        // npm writes this file last.
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        var versions = Path.Combine(Folder, "versions.txt");
        var wanted = string.Join('\n', packages);
        if (!File.Exists(installed) || !File.Exists(versions) || await File.ReadAllTextAsync(versions) != wanted)
        {
            Directory.CreateDirectory(Folder);
            (await Cli.RunAsync(Npm, ["install", "--prefix", Folder, "--no-audit", "--no-fund", "--ignore-scripts", .. packages]))
                .EnsureSuccess("npm install");
            await File.WriteAllTextAsync(versions, wanted);
        }

        var path = Path.Combine(Folder, "node_modules", ".bin", OperatingSystem.IsWindows() ? $"{program}.cmd" : program);
        return await Cli.RunInAsync(Folder, [], path, arguments);
    }
}
