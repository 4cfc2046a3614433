using System.Runtime.Versioning;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

public sealed class BackupFolderTests : IDisposable
{
    private readonly BackupFolder _folder = new(Path.Combine(Directory.CreateTempSubdirectory("movieaspire-backups-").FullName, "new"));

    public BackupFolderTests() => _folder.Prepare();

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder.Path)!, recursive: true);

    [RequiresFact(Tool.Unix)]
    public void Link_that_leads_nowhere_is_named_as_such()
    {
        var link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, "nowhere");
        var refused = Assert.Throws<UserErrorException>(() => new BackupFolder(link).Prepare());
        Assert.Equal($"{link} is a link to nowhere, which is not there. Make that folder, or name another one.", refused.Message);
    }

    [Fact]
    public async Task Retention_deletes_the_oldest_automatic_backups_of_one_database_only()
    {
        for (var day = 1; day <= 4; day++)
        {
            await AddAsync("moviedb", day, automatic: true, migrated: day < 4);
            await AddAsync("moviedb", day, automatic: false);
            await AddAsync("others", day, automatic: true, migrated: true);
        }

        var deleted = await PruneAsync(latest: 4, keep: 2);

        Assert.Equal([1, 2], deleted);
        var left = (await _folder.ListAsync(Assert.Fail, CancellationToken.None)).Select(
            backup => (backup.Manifest.Database, backup.Manifest.Automatic));
        Assert.Equal(10, left.Count());
        Assert.Equal(2, left.Count(backup => backup == ("moviedb", true)));
        Assert.Equal(20, Directory.GetFiles(_folder.Path).Length);
    }

    [Theory]
    [InlineData(1, true, new[] { 1, 2, 4 })]
    [InlineData(2, true, new[] { 1, 2 })]
    [InlineData(4, true, new[] { 1 })]
    [InlineData(5, true, new int[0])]
    [InlineData(1, false, new[] { 4 })]
    [InlineData(2, false, new int[0])]
    public async Task Backup_from_before_the_first_attempt_stays_and_until_success_all_from_earlier(int keep, bool migrated, int[] deleted)
    {
        // Two successful migrations, then three attempts at the next.
        for (var day = 1; day <= 5; day++)
        {
            await AddAsync("moviedb", day, automatic: true, migrated: day <= 2);
        }

        Assert.Equal(deleted, await PruneAsync(latest: 5, keep, migrated));
    }

    [Theory]
    [InlineData(1, new[] { 6, 7, 8 })]
    [InlineData(2, new[] { 6, 7 })]
    public async Task Backups_that_a_wrong_clock_dated_ahead_are_the_oldest(int keep, int[] deleted)
    {
        await AddAsync("moviedb", 1, automatic: true);
        for (var day = 6; day <= 8; day++)
        {
            await AddAsync("moviedb", day, automatic: true, migrated: true);
        }

        Assert.Equal(deleted, await PruneAsync(latest: 1, keep));
    }

    private async Task<IEnumerable<int>> PruneAsync(int latest, int keep, bool migrated = true)
    {
        var backup = (await _folder.ListAsync(Assert.Fail, CancellationToken.None)).Single(
            backup => backup.Manifest is { Database: "moviedb", Automatic: true } && backup.Manifest.TakenAt.Day == latest);
        return (await _folder.PruneAsync(backup, keep, migrated, CancellationToken.None)).Select(deleted => deleted.Manifest.TakenAt.Day);
    }

    [Theory]
    [InlineData(24, true, "OK: the newest verified backup of moviedb, moviedb-20260102T000000000Z.dump, is 12 h old")]
    [InlineData(11, false, "CRITICAL: the newest verified backup of moviedb, moviedb-20260102T000000000Z.dump, is 12 h old, more than 11 h")]
    public async Task Check_asks_for_a_verified_whole_and_new_backup_of_the_database(int hours, bool isOk, string text)
    {
        await AddAsync("moviedb", 1, automatic: false, verified: true);
        await AddAsync("moviedb", 2, automatic: false, verified: true);
        await AddAsync("moviedb", 2, automatic: true);
        await AddAsync("others", 2, automatic: false, verified: true);

        // Dated ahead while a clock was wrong.
        await AddAsync("moviedb", 5, automatic: false, verified: true);

        // Cut after it was verified.
        await AddAsync("moviedb", 2, automatic: true, verified: true, size: 1);

        Assert.Equal(new BackupCheck(isOk, text), await CheckAsync("moviedb", hours));
    }

    [RequiresFact(Tool.Unix)]
    public async Task Link_is_as_good_as_the_backup_that_it_leads_to()
    {
        await AddAsync("moviedb", 2, automatic: false, verified: true);
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere"));
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            File.CreateSymbolicLink(file + ".link", Path.Combine("elsewhere", Path.GetFileName(file)));
            File.Move(file, Path.Combine(elsewhere.FullName, Path.GetFileName(file)));
            File.Move(file + ".link", file);
        }

        Assert.True((await CheckAsync("moviedb", 24)).IsOk);
        File.Delete(Directory.GetFiles(elsewhere.FullName, "*.dump").Single());
        Assert.Equal(BackupState.Damaged, Assert.Single(await _folder.ListAsync(Assert.Fail, CancellationToken.None)).State);
    }

    [Fact]
    public async Task Check_fails_without_a_verified_backup()
    {
        await AddAsync("moviedb", 2, automatic: false);
        var check = await CheckAsync("moviedb", 24);
        Assert.False(check.IsOk);
        Assert.Equal("CRITICAL: no verified backup of moviedb. Make one with: backup, then verify-backup FILE", check.Text);
    }

    [UnsupportedOSPlatform("windows")]
    [RequiresFact(Tool.Unix)]
    public async Task Backups_can_be_read_by_their_owner_only()
    {
        await AddAsync("moviedb", 1, automatic: false);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Path));
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task File_appears_only_when_it_is_whole()
    {
        var path = Path.Combine(_folder.Path, "file.dump");
        await using (var given = PendingFile.Create(path))
        {
            await given.WriteAsync(new byte[10], CancellationToken.None);
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
        await using var pending = PendingFile.Create(path);
        await pending.WriteAsync(new byte[10], CancellationToken.None);
        Assert.False(File.Exists(path));
        pending.Commit();
        Assert.Equal(10, new FileInfo(path).Length);
    }

    [Fact]
    public async Task Leftovers_of_killed_processes_go_and_files_being_written_stay()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, ".left.dump.partial"), "left");
        await using (PendingFile.Create(Path.Combine(_folder.Path, "writing.dump")))
        {
            Assert.Equal(1, _folder.Prepare());
            Assert.Equal(".writing.dump.partial", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder.Path))));
        }
    }

    [Theory]
    [InlineData("moviedb", "moviedb_replaced_20261231_235959_007")]
    [InlineData("a_database_whose_name_is_so_long_that_nothing_fits_behind_it", "db_c7d38fcb8b51107e_replaced_20261231_235959_007")]
    public void Names_of_shadow_databases_tell_whose_they_are(string live, string expected)
    {
        var time = new DateTimeOffset(2026, 12, 31, 23, 59, 59, 7, TimeSpan.Zero);
        var name = ShadowDatabaseName.Create(live, ShadowDatabaseName.Replaced, time);
        Assert.Equal(expected, name);
        Assert.InRange(name.Length, 1, 63);
        Assert.Equal(time, ShadowDatabaseName.Time(name, live, ShadowDatabaseName.Replaced));
        Assert.Null(ShadowDatabaseName.Time(name, live, ShadowDatabaseName.Restoring));
        Assert.Null(ShadowDatabaseName.Time(name, "movie", ShadowDatabaseName.Replaced));
        Assert.Null(ShadowDatabaseName.Time(name + "x", live, ShadowDatabaseName.Replaced));
    }

    private async Task<BackupCheck> CheckAsync(string database, int hours) => BackupCheck.Create(
        await _folder.ListAsync(Assert.Fail, CancellationToken.None),
        database,
        TimeSpan.FromHours(hours),
        new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero));

    private async Task AddAsync(string database, int day, bool automatic, bool migrated = false, bool verified = false, int size = 0)
    {
        var time = new DateTimeOffset(2026, 1, day, 0, 0, 0, TimeSpan.Zero);
        var path = _folder.PathFor(database, time, automatic, Backup.DumpEnding);
        await using (var file = PendingFile.Create(path))
        {
            file.Commit();
        }

        File.SetLastWriteTimeUtc(path, time.UtcDateTime);
        await new Backup(path, new BackupManifest
        {
            Format = BackupManifest.CurrentFormat,
            Database = database,
            Automatic = automatic,
            MigratedAt = migrated ? time : null,
            TakenAt = time,
            VerifiedAt = verified ? time : null,
            Size = size,
            Sha256 = "",
            ServerVersion = "15.1",
            ToolVersion = "15.1",
            Roles = [],
            DatabaseSize = 0,
            Tables = [],
        }).WriteManifestAsync(CancellationToken.None);
    }
}
