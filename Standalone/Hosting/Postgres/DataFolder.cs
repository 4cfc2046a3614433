using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>The folder in which one server keeps its data, locked as long as an AppHost uses it.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string ThrowAwayName = "throw-away";

    // EWOULDBLOCK twice, and ERROR_SHARING_VIOLATION.
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _lock;

    private DataFolder(string location, FileStream @lock, bool isKept)
    {
        Location = location;
        _lock = @lock;
        IsKept = isKept;
    }

    public string Location { get; }

    /// <summary>False when the data ends with the run.</summary>
    public bool IsKept { get; }

    /// <summary>How the server ran the last time: as a container or as a process.</summary>
    public string? LastKind => File.Exists(KindFile) ? File.ReadAllText(KindFile).Trim() : null;

    private string KindFile => Location + ".kind";

    /// <summary>Data that a volume keeps stays; all other data, and that of tests, is thrown away.</summary>
    /// <exception cref="DistributedApplicationException">Another AppHost uses the data, or the folder cannot be written.</exception>
    public static DataFolder Open(SupervisorServices services, PostgresServerResource server)
    {
        var isKept = !services.Mode.ThrowAway && server.Annotations.OfType<ContainerMountAnnotation>().Any(m => m.Type == ContainerMountType.Volume);
        var root = services.Builder.Configuration["Standalone:DataFolder"] is { Length: > 0 } given ? Path.GetFullPath(given) : Root();
        try
        {
            return Open(root, isKept, isKept ? AppHostMetadata.ShortHash(services.Builder.AppHostDirectory) : ThrowAwayName, isKept ? server.Name : Guid.NewGuid().ToString("N"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The data folder {root} cannot be used: {exception.Message} Make it writable, or name another one in Standalone:DataFolder.");
        }
    }

    public void Remember(string kind) => File.WriteAllText(KindFile, kind);

    public void Dispose()
    {
        if (!IsKept)
        {
            Remove(Location);
        }

        File.Delete(Location + ".owner");
        _lock.Dispose();
    }

    private static DataFolder Open(string root, bool isKept, string group, string name)
    {
        CreatePassable(root);
        RemoveLeftovers(Path.Combine(root, ThrowAwayName));
        var parent = Path.Combine(root, group);
        CreatePassable(parent);
        var location = Path.Combine(parent, name);
        var @lock = TryLock(location) ?? throw new DistributedApplicationException(
            $"The data in {location} is in use by another AppHost{OwnerOf(location)}. Stop that one first.");
        File.WriteAllText(location + ".owner", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        CreatePassable(location);
        return new DataFolder(location, @lock, isKept);
    }

    /// <summary>The user's own folder for data; as root one that the user which PostgreSQL runs as can reach, since /root is closed to it.</summary>
    private static string Root()
    {
        var parent = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess
            ? "/var/lib"
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        return Path.Combine(parent, "MovieAspire-standalone");
    }

    private static void CreatePassable(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        // Others may pass through, but see nothing; the data itself lies in a folder of mode 0700.
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, Environment.IsPrivilegedProcess ? Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Owner);
    }

    private static FileStream? TryLock(string location)
    {
        try
        {
            // The operating system lets go of it when the process ends, however it ends.
            return new FileStream(location + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            return null;
        }
    }

    private static string OwnerOf(string location) => File.Exists(location + ".owner") ? $" (process {File.ReadAllText(location + ".owner")})" : "";

    /// <summary>Removes what runs that were killed could not throw away themselves.</summary>
    private static void RemoveLeftovers(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var location in Directory.EnumerateFiles(folder, "*.lock").Select(file => file[..^".lock".Length]))
        {
            using var @lock = TryLock(location);
            if (@lock is not null && !PostgresLeftover.IsRunning(location))
            {
                Remove(location);
            }
        }
    }

    private static void Remove(string location)
    {
        if (Directory.Exists(location))
        {
            Directory.Delete(location, recursive: true);
        }

        foreach (var suffix in new[] { ".kind", ".owner", ".lock" })
        {
            File.Delete(location + suffix);
        }
    }
}
