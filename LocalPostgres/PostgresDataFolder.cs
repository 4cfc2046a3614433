using System.Globalization;
using Aspire.Hosting;

namespace MovieAspire.LocalPostgres;

/// <summary>The data folder of a clone's server. One AppHost can use it at a time.</summary>
internal sealed class PostgresDataFolder(string location, bool isTemporary) : IDisposable
{
    // EWOULDBLOCK of Linux and macOS, and ERROR_SHARING_VIOLATION.
    private static readonly int[] Locked = [11, 35, unchecked((int)0x80070020)];

    private FileStream? _lock;

    public string Location => location;

    /// <summary>Whether the data is deleted after the run.</summary>
    public bool IsTemporary => isTemporary;

    private string StoredKindFile => location + ".home";

    /// <summary>Where the data of this clone is; null if there is none.</summary>
    public PostgresKind? StoredKind
    {
        get => !isTemporary && File.Exists(StoredKindFile) && Enum.TryParse<PostgresKind>(File.ReadAllText(StoredKindFile), out var kind) ? kind : null;
        set => WrapErrors(() =>
        {
            Create(Path.GetDirectoryName(location)!, passable: UnprivilegedUser.IsNeeded);
            File.WriteAllText(StoredKindFile, value.ToString());
        });
    }

    /// <summary>The folder of an AppHost's server, or a temporary one.</summary>
    public static PostgresDataFolder For(IDistributedApplicationBuilder builder, string name)
    {
        if (PostgresSettings.IsTemporary(builder.Configuration))
        {
            return new PostgresDataFolder(Path.Combine(Path.GetTempPath(), $"{name}-{Guid.NewGuid():N}"), isTemporary: true);
        }

        // Clones are told apart by Aspire's hash of the AppHost's path, as in the names of volumes.
        var root = builder.Configuration[PostgresSettings.Data] is { Length: > 0 } given
            ? Path.GetFullPath(given)
            : UserFolder("/var/lib", builder.Environment.ApplicationName);
        var clone = builder.Configuration["AppHost:PathSha256"] ?? throw new InvalidOperationException("AppHost:PathSha256 is not set.");
        return new PostgresDataFolder(Path.Combine(root, clone[..10].ToLowerInvariant(), name), isTemporary: false);
    }

    /// <summary>The user's folder for data or caches. For root it is one that PostgreSQL's user can read, unlike /root.</summary>
    public static string UserFolder(string ofRoot, string application) => Path.Combine(
        UnprivilegedUser.IsNeeded
            ? ofRoot
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        application);

    /// <summary>Locks the folder until it is disposed or the process ends, even by a crash.</summary>
    /// <exception cref="DistributedApplicationException">Another AppHost holds the lock, or the folder is not usable.</exception>
    public void Acquire()
    {
        if (isTemporary || _lock is not null)
        {
            return;
        }

        WrapErrors(() =>
        {
            Create(Path.GetDirectoryName(location)!, passable: UnprivilegedUser.IsNeeded);
            try
            {
                _lock = new FileStream(location + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (Locked.Contains(exception.HResult))
            {
                var owner = File.Exists(location + ".owner") ? $" (process {File.ReadAllText(location + ".owner")})" : "";
                throw new DistributedApplicationException(
                    $"The data in {location} is in use by another AppHost{owner}. Stop that one first.");
            }

            File.WriteAllText(location + ".owner", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        });
    }

    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    private void WrapErrors(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"The folder {location} cannot be used: {exception.Message} "
                + $"Make it writable, or name another one in the setting {PostgresSettings.Data}.", exception);
        }
    }

    /// <summary>Creates a folder that only its owner can list.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="passable">Whether other users can pass through it, as PostgreSQL's user must to reach its own folder.</param>
    public static void Create(string folder, bool passable = false)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, passable ? Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Owner);
        }
    }
}
