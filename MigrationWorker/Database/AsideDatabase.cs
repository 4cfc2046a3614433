using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>A database beside the live one, dropped at the end unless it took the live one's place.</summary>
internal sealed class AsideDatabase : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _target;
    private readonly NpgsqlConnection _inUse;
    private bool _kept;

    private AsideDatabase(NpgsqlConnectionStringBuilder target, string name, NpgsqlConnection inUse)
    {
        _target = target;
        _inUse = inUse;
        Name = name;
    }

    public string Name { get; }

    public NpgsqlConnectionStringBuilder Target => new(_target.ConnectionString) { Database = Name, Pooling = false };

    /// <summary>Makes an empty database like the one that <paramref name="target"/> names.</summary>
    public static async Task<AsideDatabase> CreateAsync(NpgsqlConnectionStringBuilder target, string purpose, CancellationToken cancellationToken)
    {
        await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, cancellationToken);
        var name = AsideName.Create(target.Database!, purpose, DateTimeOffset.UtcNow);
        try
        {
            await DatabaseProperties.CreateLikeAsync(maintenance, target.Database!, name, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new WorkerException(
                $"User {maintenance.UserName} may not make databases, and a restore goes into a new one first. As a superuser run: ALTER ROLE {Sql.Quote(maintenance.UserName!)} CREATEDB", e);
        }

        // As long as somebody is connected, Leftovers see that it is in use.
        return new AsideDatabase(target, name, await ServerConnection.OpenAsync(target, name, cancellationToken));
    }

    /// <summary>Lets go of the database, so that it can be renamed.</summary>
    public ValueTask ReleaseAsync() => _inUse.DisposeAsync();

    /// <summary>Says that it has become the live one.</summary>
    public void Keep() => _kept = true;

    public async ValueTask DisposeAsync()
    {
        if (_kept)
        {
            return;
        }

        await _inUse.DisposeAsync();
        try
        {
            await using var maintenance = await ServerConnection.OpenMaintenanceAsync(_target, CancellationToken.None);
            await maintenance.RunAsync($"DROP DATABASE IF EXISTS {Sql.Quote(Name)} WITH (FORCE)", CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The server is gone, which is most likely why we are here. The next restore drops what is left over.
        }
    }
}
