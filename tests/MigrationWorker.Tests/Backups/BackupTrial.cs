using Microsoft.Extensions.Logging.Abstractions;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>A database, which its owner works with, and a folder for its backups, both of one test.</summary>
internal sealed class BackupTrial : IAsyncDisposable
{
    private readonly TestDatabase? _database;
    private readonly ClientToolsFinder _finder;

    private BackupTrial(string connectionString, TestDatabase? database, ClientToolsFinder? finder)
    {
        ConnectionString = connectionString;
        _database = database;
        _finder = finder ?? new ClientToolsFinder();
    }

    public string ConnectionString { get; }

    public NpgsqlConnectionStringBuilder Target => new(ConnectionString);

    public BackupFolder Folder { get; } = new(Directory.CreateTempSubdirectory("movieaspire-backups-").FullName);

    public static async Task<BackupTrial> SeededAsync(ClientToolsFinder? finder = null) =>
        await TakeAsync(await SeededDatabase.CreateSmallAsync(), finder);

    /// <summary>With the whole seed, for tests that need time to hit a moment.</summary>
    public static async Task<BackupTrial> LargeAsync() => await TakeAsync(await SeededDatabase.CreateAsync());

    public static async Task<BackupTrial> EmptyAsync() => await TakeAsync(await TestDatabase.CreateAsync());

    /// <summary>A database on another server, which goes with its server.</summary>
    public static BackupTrial On(string connectionString, ClientToolsFinder? finder = null) => new(connectionString, null, finder);

    public Task<Backup> BackupAsync(bool automatic = false) =>
        new BackupWriter(NullLogger.Instance, _finder).WriteAsync(Target, Folder, automatic, null, CancellationToken.None);

    /// <summary>Restores, and gives the name of the database that was replaced.</summary>
    public Task<string> RestoreAsync(Backup backup, bool keepOwners = true) =>
        new BackupRestorer(NullLogger.Instance, Loader(keepOwners)).RestoreAsync(backup, Target, CancellationToken.None);

    public Task<Backup> VerifyAsync(Backup backup) =>
        new BackupVerifier(NullLogger.Instance, Loader(keepOwners: true)).VerifyAsync(backup, Target, CancellationToken.None);

    /// <summary>Rows and hashes of all tables.</summary>
    public async Task<IReadOnlyList<TableContent>> ContentsAsync(string? database = null)
    {
        await using var connection = await ServerConnection.OpenAsync(Target, database ?? Target.Database!, CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        return await ContentReader.ReadAsync(connection, CancellationToken.None);
    }

    public Task<T?> ScalarAsync<T>(string sql) => Sql.ScalarAsync<T>(ConnectionString, sql);

    public Task ExecuteAsync(string sql) => Sql.ExecuteAsync(ConnectionString, sql);

    /// <summary>Shadow databases of this one for a purpose, as their names tell.</summary>
    public async Task<IReadOnlyList<string>> ShadowDatabasesAsync(string purpose)
    {
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(Target, CancellationToken.None);
        var all = await maintenance.ListAsync<string>("SELECT datname::text FROM pg_database", CancellationToken.None);
        return [.. all.Where(name => ShadowDatabaseName.Time(name, Target.Database!, purpose) is not null)];
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Folder.Path, recursive: true);
        if (_database is null)
        {
            return;
        }

        foreach (var purpose in new[] { ShadowDatabaseName.Restoring, ShadowDatabaseName.Verifying, ShadowDatabaseName.Replaced })
        {
            foreach (var name in await ShadowDatabasesAsync(purpose))
            {
                await PostgresServer.ExecuteAsync($"""DROP DATABASE IF EXISTS "{name}" WITH (FORCE)""");
            }
        }

        await _database.DisposeAsync();
    }

    private static async Task<BackupTrial> TakeAsync(TestDatabase database, ClientToolsFinder? finder = null) =>
        new(await DatabaseOwner.TakeAsync(database.ConnectionString), database, finder);

    private ArchiveLoader Loader(bool keepOwners) => new(NullLogger.Instance, _finder, jobs: 2, keepOwners);
}
