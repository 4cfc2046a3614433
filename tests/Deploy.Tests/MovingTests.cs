using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

/// <summary>Data on their way from one server to another.</summary>
public sealed class MovingTests(MovingTests.FilledSite filled) : IClassFixture<MovingTests.FilledSite>
{
    private static readonly string[] Tables =
        ["movies", "genres", "movie_genres", "movie_stats", "users", "ratings", "reviews", "favorites", "data_protection_keys"];
    private readonly Site _old = filled.Site;

    [RequiresFact(Tool.Docker)]
    public async Task Dump_and_backup_of_one_server_say_the_same_on_another()
    {
        await using var site = await Site.DeployedAsync();
        await CarryDumpAsync(_old, site);
        await CarryBackupAsync(_old, site);
    }

    private static async Task CarryDumpAsync(Site old, Site site)
    {
        const string Dump = "/backups/site.json";
        await old.WorkerAsync("dump", Dump);

        // As docs/deployment.md carries it over.
        var carried = await Cli.RunAsync("bash", ["-c", $"{Run(old, "cat", Dump)} | {Run(site, "tee", Dump)}"]);
        carried.EnsureSuccess("carrying the dump over");
        await site.WorkerAsync("load", Dump);
        await site.WorkerAsync("dump", "/backups/again.json");

        Assert.True(carried.Output.Length > 100_000);
        Assert.Equal(carried.Output, (await Cli.RunAsync("bash", ["-c", Run(site, "cat", "/backups/again.json")])).Output);
    }

    private static async Task CarryBackupAsync(Site old, Site site)
    {
        var folder = old.InFolder("moved");
        (await old.ScriptAsync("backup.sh", "--to", folder)).EnsureSuccess("backup.sh");
        var backup = Assert.Single(Directory.GetFiles(folder, "*.dump"));

        Assert.NotEqual(await HashAsync(old), await HashAsync(site));
        (await site.ScriptAsync("restore.sh", "--yes", backup)).EnsureSuccess("restore.sh");

        Assert.Equal(await HashAsync(old), await HashAsync(site));
        Assert.Matches(@"(?m)^ratings\|9\d{4}\|", await HashAsync(site));
        await site.BecomesHealthyAsync();
    }

    [RequiresFact(Tool.Docker)]
    public async Task Damaged_backup_leaves_the_site_as_it_was()
    {
        var before = await HashAsync(_old);
        var folder = _old.InFolder("damaged");
        (await _old.ScriptAsync("backup.sh", "--to", folder)).EnsureSuccess("backup.sh");
        var backup = Assert.Single(Directory.GetFiles(folder, "*.dump"));
        var bytes = await File.ReadAllBytesAsync(backup);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(backup, bytes);

        var result = await _old.ScriptAsync("restore.sh", "--yes", backup);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the restore failed", result.LastLine, StringComparison.Ordinal);
        Assert.Equal(before, await HashAsync(_old));
        await _old.BecomesHealthyAsync();
    }

    private static string Run(Site site, string program, string file) =>
        $"(cd {site.Folder} && docker compose --project-name {site.Project} run --rm -T --entrypoint {program} migrations {file})";

    /// <summary>A hash of every row of every table.</summary>
    private static Task<string> HashAsync(Site site) => site.SqlAsync(string.Join(
        " UNION ALL ",
        from table in Tables
        select $"""SELECT '{table}', count(*), md5(string_agg(row::text, '|' ORDER BY row::text COLLATE "C")) FROM {table} AS row""")
        + " ORDER BY 1");

    /// <summary>A site with data to be moved away; tests leave it as it was.</summary>
    public sealed class FilledSite : IAsyncLifetime
    {
        private readonly Images _images = new();

        internal Site Site { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await _images.InitializeAsync();
            if (Docker.IsThere)
            {
                Site = await Site.DeployedAsync(("SEED_PROFILE", "demo"));
            }
        }

        public async Task DisposeAsync()
        {
            if (Site is not null)
            {
                await Site.DisposeAsync();
            }

            await _images.DisposeAsync();
        }
    }
}
