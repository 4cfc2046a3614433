using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace MovieAspire.Standalone.Hosting;

/// <summary>The file outside the repository in which `dotnet user-secrets` and the AppHost keep what is secret on this machine.</summary>
internal sealed class UserSecrets(string path)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _lock = new();

    /// <summary>The store of an AppHost, or null where it has no <c>UserSecretsId</c>.</summary>
    public static UserSecrets? Of(Assembly? assembly) => assembly?.GetCustomAttribute<UserSecretsIdAttribute>() is { } attribute
        ? new UserSecrets(PathHelper.GetSecretsPathFromSecretsId(attribute.UserSecretsId))
        : null;

    public string? Read(string key) => Load().GetValueOrDefault(key);

    public void Write(string key, string value)
    {
        lock (_lock)
        {
            var values = Load();
            values[key] = value;
            if (!OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!, Owner | UnixFileMode.UserExecute);
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            }

            // Aside and then renamed, so that a crash cannot cut the other secrets short.
            var aside = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = Owner;
            }

            using (var stream = new FileStream(aside, options))
            {
                JsonSerializer.Serialize(stream, values, Indented);
            }

            File.Move(aside, path, overwrite: true);
        }
    }

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private SortedDictionary<string, string?> Load()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<SortedDictionary<string, string?>>(File.ReadAllText(path)) ?? [];
        }
        catch (JsonException exception)
        {
            throw new Aspire.Hosting.DistributedApplicationException(
                $"The user secrets in {path} cannot be read ({exception.Message}). Mend the file or delete it; a deleted one loses the passwords kept in it.");
        }
    }
}
