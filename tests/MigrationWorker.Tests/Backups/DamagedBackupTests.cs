using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>A backup that is not what it should be is refused with the reason, and nothing happens to the live database.</summary>
public sealed class DamagedBackupTests : IAsyncLifetime
{
    private BackupTrial _trial = null!;
    private Backup _backup = null!;

    public async Task InitializeAsync()
    {
        _trial = await BackupTrial.SeededAsync();
        _backup = await _trial.BackupAsync();
    }

    public async Task DisposeAsync() => await _trial.DisposeAsync();

    [Fact]
    public async Task Truncated_file_is_refused()
    {
        await using (var file = File.OpenWrite(_backup.Path))
        {
            file.SetLength(file.Length / 2);
        }

        await IsRefusedAsync(_backup, "bytes instead of");
        var verified = await Worker.RunAsync(_trial.ConnectionString, "verify-backup", _backup.Path);
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("is damaged", verified.LastErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_with_one_other_bit_is_refused()
    {
        var bytes = await File.ReadAllBytesAsync(_backup.Path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_backup.Path, bytes);
        await IsRefusedAsync(_backup, "SHA-256");
    }

    [Fact]
    public async Task File_that_no_longer_holds_all_rows_is_refused()
    {
        var tables = _backup.Manifest.Tables.Select(table => table.Name == "ratings" ? table with { Rows = table.Rows + 1 } : table);
        await IsRefusedAsync(With([.. tables]), "ratings has ");
    }

    [Fact]
    public async Task File_with_other_values_is_refused()
    {
        var tables = _backup.Manifest.Tables.Select(table => table.Name == "ratings" ? table with { Hash = "1" } : table);
        await IsRefusedAsync(With([.. tables]), "ratings has other values");
    }

    [Fact]
    public async Task File_that_pg_restore_cannot_read_is_refused()
    {
        await File.WriteAllTextAsync(_backup.Path, "PGDMP, or not?");
        var readable = _backup with
        {
            Manifest = _backup.Manifest with
            {
                Size = new FileInfo(_backup.Path).Length,
                Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(_backup.Path))),
            },
        };
        await IsRefusedAsync(readable, "pg_restore 1");
    }

    [Fact]
    public async Task Backup_whose_manifest_cannot_be_written_is_verified_all_the_same()
    {
        // In the place of the file that becomes the manifest.
        Directory.CreateDirectory(Path.Combine(_trial.Folder.Path, $".{Path.GetFileName(_backup.Path)}{Backup.ManifestEnding}.partial"));
        var verified = await Worker.RunAsync(_trial.ConnectionString, "verify-backup", _backup.Path);
        Assert.Equal(0, verified.ExitCode);
        Assert.Contains("cannot note that the backup was verified", verified.Error, StringComparison.Ordinal);
        Assert.Contains("Verified: ", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task Backup_of_a_newer_server_is_refused() =>
        IsRefusedAsync(_backup with { Manifest = _backup.Manifest with { ServerVersion = "99.1" } }, "comes from PostgreSQL 99");

    [Fact]
    public async Task Missing_damaged_or_newer_manifest_is_named()
    {
        var manifest = _backup.Path + Backup.ManifestEnding;
        var text = await File.ReadAllTextAsync(manifest);
        await File.WriteAllTextAsync(manifest, text.Replace("\"format\": 2", "\"format\": 3", StringComparison.Ordinal));
        await CannotBeReadAsync("newer build");
        foreach (var damaged in new[]
        {
            text[..(text.Length / 2)], "", "null", "{}",
            text.Replace("\"serverVersion\": \"", "\"serverVersion\": \"of ", StringComparison.Ordinal),
            text.Replace("\"toolVersion\": \"", "\"toolVersion\": \"of ", StringComparison.Ordinal),
            text.Replace("\"tables\": [", "\"tables\": [null,", StringComparison.Ordinal),
        })
        {
            await File.WriteAllTextAsync(manifest, damaged);
            await CannotBeReadAsync("Copy it again from where the backup was made, or take another backup.");
        }

        File.Delete(manifest);
        await CannotBeReadAsync("no manifest");
    }

    private async Task CannotBeReadAsync(string reason)
    {
        var error = await Assert.ThrowsAnyAsync<UserErrorException>(() => Backup.ReadAsync(_backup.Path, CancellationToken.None));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        var problems = new List<string>();
        Assert.Empty(await _trial.Folder.ListAsync(problems.Add, CancellationToken.None));
        Assert.Equal([error.Message], problems);
    }

    private async Task IsRefusedAsync(Backup backup, string reason)
    {
        var before = await _trial.ContentsAsync();
        var error = await Assert.ThrowsAnyAsync<UserErrorException>(() => _trial.RestoreAsync(backup));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAnyAsync<UserErrorException>(() => _trial.VerifyAsync(backup));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await _trial.ContentsAsync());
        Assert.Empty(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Restoring));
        Assert.Empty(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Verifying));
        Assert.Empty(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Replaced));
    }

    private Backup With(IReadOnlyList<TableContent> tables) => _backup with { Manifest = _backup.Manifest with { Tables = tables } };
}
