using System.Globalization;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>What <c>backups</c> tells: the backups of a folder, and the databases of a server that restores have replaced.</summary>
internal sealed record BackupList(string Folder, IReadOnlyList<BackupList.Entry> Backups, IReadOnlyList<ReplacedDatabase> Replaced)
{
    /// <summary>Writes it for people.</summary>
    public async Task WriteAsync(TextWriter output)
    {
        await output.WriteLineAsync(Backups.Count == 0 ? $"No backups in {Folder}" : $"Backups in {Folder}");
        var width = Backups.Count == 0 ? 0 : Backups.Max(entry => entry.File.Length);
        foreach (var entry in Backups)
        {
            var verified = entry.VerifiedAt is { } time ? $"verified {Time(time)}" : "not verified";
            await output.WriteLineAsync(
                $"  {entry.File.PadRight(width)}  {Sizes.Describe(entry.Size),10}  {entry.Rows,12:N0} rows  {entry.Migration ?? "no migration"}  {verified}{(entry.Reason is null ? "" : $"  ({entry.Reason})")}");
        }

        if (Replaced.Count > 0)
        {
            await output.WriteLineAsync("Databases that restores have replaced (restore --undo puts the first back, restore --forget drops all)");
        }

        foreach (var database in Replaced)
        {
            await output.WriteLineAsync($"  {database.Name}  {Sizes.Describe(database.Size),10}  replaced {Time(database.ReplacedAt)}");
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A backup in short.</summary>
    internal sealed record Entry(
        string File, string Database, bool Automatic, string? Reason, DateTimeOffset TakenAt, long Size, long Rows, string? Migration,
        string ServerVersion, DateTimeOffset? VerifiedAt)
    {
        public static Entry From(Backup backup)
        {
            var manifest = backup.Manifest;
            return new Entry(
                Path.GetFileName(backup.Path), manifest.Database, manifest.Automatic, manifest.Reason, manifest.TakenAt, manifest.Size,
                manifest.Tables.Sum(table => table.Rows), manifest.Migration, manifest.ServerVersion, manifest.VerifiedAt);
        }
    }
}
