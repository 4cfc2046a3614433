using Aspire.Hosting.Docker;

namespace MovieAspire.Standalone.Hosting;

/// <summary>The variables that whoever deploys fills in. What they filled in already is kept.</summary>
internal static class EnvFile
{
    public static async Task WriteAsync(string path, IReadOnlyDictionary<string, CapturedEnvironmentVariable> variables, CancellationToken cancellationToken)
    {
        var entries = new SortedDictionary<string, (string? Comment, string Value)>(StringComparer.Ordinal);
        foreach (var (name, variable) in variables)
        {
            entries[name] = (variable.Description, "");
        }

        foreach (var (name, entry) in await ReadAsync(path, cancellationToken))
        {
            entries[name] = entry;
        }

        var lines = entries.SelectMany(e => new[] { e.Value.Comment is null ? null : $"# {e.Value.Comment}", $"{e.Key}={e.Value.Value}", "" }).OfType<string>();
        await File.WriteAllLinesAsync(path, lines, cancellationToken);
    }

    private static async Task<Dictionary<string, (string? Comment, string Value)>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, (string?, string)>();
        string? comment = null;
        foreach (var line in File.Exists(path) ? await File.ReadAllLinesAsync(path, cancellationToken) : [])
        {
            if (line.TrimStart().StartsWith('#'))
            {
                comment = line.TrimStart()[1..].Trim();
            }
            else if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                entries[line[..equals].Trim()] = (comment, line[(equals + 1)..]);
                comment = null;
            }
        }

        return entries;
    }
}
