using System.Text.Json;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Seeding;

namespace MovieAspire.MigrationWorker.Import.Films;

/// <summary>Reads and cleans the film facts as published: one JSON array.</summary>
internal static class FilmReader
{
    /// <exception cref="UserErrorException">The file is not the JSON that was expected.</exception>
    public static async Task<(IReadOnlyList<Film> Films, IReadOnlyList<Finding> Findings)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var films = new List<Film>();
        var findings = new List<Finding>();
        var cleaner = new FilmCleaner(findings.Add);
        var row = 0;
        try
        {
            await using var file = File.OpenRead(path);
            await foreach (var facts in JsonSerializer.DeserializeAsyncEnumerable(file, FilmRowJson.Default.FilmRow, cancellationToken))
            {
                row++;
                if (facts is not null && cleaner.Clean(facts, row) is { } film)
                {
                    films.Add(film);
                }
            }
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{path} is not a JSON array of film facts; row {row + 1} or what follows cannot be read: {e.Message}", e);
        }

        return (films, findings);
    }
}
