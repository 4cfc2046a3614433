using Npgsql;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary><c>pg_dump</c> and <c>pg_restore</c> of one version in one place.</summary>
internal abstract class ClientTools(ToolVersion version, string place)
{
    public const string Dump = "pg_dump";
    public const string Restore = "pg_restore";

    public ToolVersion Version { get; } = version;

    /// <summary>Where they are, for people.</summary>
    public string Place { get; } = place;

    /// <summary>Names a database to a program; a name alone could be taken for a connection string.</summary>
    public static string DatabaseArgument(string name) =>
        $"--dbname=dbname='{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>Starts a program that works on <paramref name="target"/>.</summary>
    public abstract ToolProcess Start(string program, IReadOnlyList<string> arguments, NpgsqlConnectionStringBuilder target);

    /// <summary>Gives the programs a file of this machine to read.</summary>
    public abstract Task<ToolFile> OfferAsync(string path, CancellationToken cancellationToken);
}
