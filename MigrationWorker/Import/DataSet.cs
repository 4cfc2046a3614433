using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>A data set that the import supports, and its files.</summary>
/// <param name="Name">Name of the command, and prefix of the accounts of raters.</param>
/// <param name="Description">For <c>--help</c>.</param>
/// <param name="Files">Movies first, because other files reference them.</param>
internal sealed record DataSet(string Name, string Description, params SourceFile[] Files)
{
    /// <summary>Whether all ratings are those of one user.</summary>
    public bool IsPersonal { get; init; }

    public bool HasRatings => IsPersonal || Files.Any(file => file.Table == StagingArea.Ratings);

    /// <summary>The files that it must have.</summary>
    public IEnumerable<SourceFile> RequiredFiles => Files.Where(file => !file.IsOptional);

    /// <summary>Its required files and their first lines.</summary>
    public string Signature => string.Join(" and ", RequiredFiles.Select(file => $"{file.Pattern} with {file.FirstLine}"));

    /// <summary>The description and the required files.</summary>
    public string Help => $"{Description} Told by {Signature}{string.Concat(
        Files.Where(file => file.IsOptional).Select(file => $"; also takes {file.Pattern} with {file.FirstLine}"))}.";

    /// <summary>All data sets, in order of precedence. New instances each time, because a file remembers its header.</summary>
    public static IReadOnlyList<DataSet> CreateAll() =>
    [
        new("movielens", "MovieLens: movies, ratings, and accounts without passwords.",
            new MovieLensMoviesFile(), new MovieLensLinksFile(), new MovieLensRatingsFile("ratings.csv", ",")),
        new("movielens-100k", "MovieLens 100k, the same.",
            new MovieLens100kMoviesFile(), new MovieLensRatingsFile("u.data", "\t")),
        new("movielens-1m", "MovieLens 1M and 10M, the same.",
            new MovieLensMoviesFile(isDat: true), new MovieLensRatingsFile("ratings.dat", "::")),
        new("imdb", "IMDb: movies with ids, running times, genres and scores.", new ImdbTitlesFile(), new ImdbScoresFile()),
        new("letterboxd", "A person's export from Letterboxd: movies, and the Rating as that person's own, in a diary the last one.",
            new CsvFile("ratings.csv", new()
            {
                Title = "Name", Released = "Year", Stars = "Rating", RatedOn = "Date", WatchedOn = "Watched Date",
            }))
        {
            IsPersonal = true,
        },
        new("netflix", "Netflix titles: the movies among them.",
            new CsvFile("*.csv", new()
            {
                Title = "title", Released = "release_year", Director = "director", MpaaRating = "rating", Runtime = "duration",
                Genres = "listed_in", Only = ("type", "Movie"),
            })),
        new("tmdb", "TMDB exports: movies with ids, release dates, running times, genres, budgets and revenues.",
            new CsvFile("*.csv", new()
            {
                Title = "title", Released = "release_date", Runtime = "runtime", Genres = "genres", Budget = "budget",
                WorldwideGross = "revenue", IsAdult = "adult", ImdbId = "imdb_id", TmdbId = "id",
            })),
    ];
}

/// <summary>The opened files of a data set.</summary>
internal sealed record DataSetFiles(DataSet Set, IReadOnlyDictionary<SourceFile, InputFile> Inputs) : IAsyncDisposable
{
    /// <summary>Opens a file or the files of a folder, as the named data set or else as the first one that matches.</summary>
    /// <exception cref="UserErrorException">They do not match a data set.</exception>
    public static async Task<DataSetFiles> OpenAsync(string path, string? name, CancellationToken cancellationToken)
    {
        var sets = DataSet.CreateAll().Where(set => name is null || set.Name == name).ToList();
        if (!Directory.Exists(path))
        {
            return await OpenFileAsync(path, sets, cancellationToken);
        }

        var found = new List<DataSet>();
        foreach (var set in sets)
        {
            if (await CountAsync(set, path, cancellationToken) == set.RequiredFiles.Count())
            {
                found.Add(set);
            }
        }

        if (found.Count == 0)
        {
            // Reports what the best matching data set lacks.
            foreach (var set in sets)
            {
                if (name is not null || await CountAsync(set, path, cancellationToken) > 0)
                {
                    found.Add(set);
                    break;
                }
            }
        }

        return found.Count switch
        {
            0 => throw new UserErrorException($"{path} holds none of the files that import knows: {Known(sets)}."),
            1 => await OpenFolderAsync(found[0], path, cancellationToken),
            _ => throw new UserErrorException(
                $"{path} holds files of several data sets; say which: "
                + $"{string.Join(", ", found.Select(set => $"import {set.Name} {path}"))}."),
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var input in Inputs.Values)
        {
            await input.DisposeAsync();
        }
    }

    private static async Task<DataSetFiles> OpenFileAsync(string path, List<DataSet> sets, CancellationToken cancellationToken)
    {
        var input = InputFile.Open(path);
        foreach (var set in sets.Where(set => set.Files.Length == 1))
        {
            if (await set.Files[0].BeginAsync(input, cancellationToken))
            {
                return new DataSetFiles(set, new Dictionary<SourceFile, InputFile> { [set.Files[0]] = input });
            }
        }

        await using (input)
        {
            foreach (var set in sets.Where(set => set.Files.Length > 1))
            {
                foreach (var file in set.Files)
                {
                    if (file.Pattern == input.Name || await file.BeginAsync(input, cancellationToken))
                    {
                        throw new UserErrorException(
                            $"{path} is one of the files of {set.Name}: give the folder that holds {Names(set)}.");
                    }
                }
            }

            throw new UserErrorException(
                $"{path} is none of the files that import knows{Hint(input.Head, ","u8)}. "
                + $"Its first line should hold what tells one: {Known(sets)}.");
        }
    }

    private static async Task<DataSetFiles> OpenFolderAsync(DataSet set, string folder, CancellationToken cancellationToken)
    {
        var inputs = new Dictionary<SourceFile, InputFile>();
        try
        {
            foreach (var file in set.Files)
            {
                var paths = await FindAsync(file, folder, cancellationToken);
                if (paths.Count == 0 && file.IsOptional)
                {
                    continue;
                }

                if (paths.Count != 1)
                {
                    throw new UserErrorException(paths.Count == 0
                        ? $"There is no {file.Pattern} or {file.Pattern}.gz in {folder}. "
                            + "Give the folder that holds the data set's files, unzipped."
                        : $"{folder} holds several files of {set.Name}; give one of them: "
                            + $"{string.Join(", ", paths.Select(Path.GetFileName))}.");
                }

                var input = InputFile.Open(paths[0]);
                inputs.Add(file, input);
                if (!await file.BeginAsync(input, cancellationToken))
                {
                    var should = file.HasHeader ? $"name {file.FirstLine}" : $"be {file.FirstLine}";
                    throw new UserErrorException(
                        $"{paths[0]} is not the published file: its first line should {should}{Hint(input.Head, file.Separator.Span)}.");
                }
            }

            return new DataSetFiles(set, inputs);
        }
        catch
        {
            foreach (var input in inputs.Values)
            {
                await input.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>How many of the required files exist and have the right first line.</summary>
    private static async Task<int> CountAsync(DataSet set, string folder, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var file in set.RequiredFiles)
        {
            foreach (var path in (await FindAsync(file, folder, cancellationToken)).Take(1))
            {
                await using var input = InputFile.Open(path);
                count += await file.BeginAsync(input, cancellationToken) ? 1 : 0;
            }
        }

        return count;
    }

    private static async Task<List<string>> FindAsync(SourceFile file, string folder, CancellationToken cancellationToken)
    {
        var paths = new[] { file.Pattern, file.Pattern + ".gz" }
            .SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)).Order(StringComparer.Ordinal).ToList();
        foreach (var path in paths)
        {
            // It is ambiguous which of the two is meant.
            if (paths.Contains(path + ".gz"))
            {
                var name = Path.GetFileName(path);
                throw new UserErrorException($"{folder} holds both {name} and {name}.gz; remove one of them.");
            }
        }

        if (!file.Pattern.StartsWith('*'))
        {
            return paths;
        }

        var fitting = new List<string>();
        foreach (var path in paths)
        {
            try
            {
                await using var input = InputFile.Open(path);
                if (await file.BeginAsync(input, cancellationToken))
                {
                    fitting.Add(path);
                }
            }
            catch (UserErrorException)
            {
                // An unrelated file with such a name.
            }
        }

        return fitting;
    }

    private static string Known(IEnumerable<DataSet> sets) => string.Join("; ", sets.Select(set => $"{set.Name}: {set.Signature}"));

    private static string Names(DataSet set) => string.Join(" and ", set.RequiredFiles.Select(file => file.Pattern));

    // A hint why the first line is wrong, if there is one.
    private static string Hint(ReadOnlySpan<byte> head, ReadOnlySpan<byte> separator)
    {
        if (head.IsEmpty)
        {
            return ", but it is empty";
        }

        var end = head.IndexOf((byte)'\n');
        if (end < 0 && head.Contains((byte)'\r'))
        {
            return @", but its lines end with CR alone, as on old Macs: convert them with tr '\r' '\n'";
        }

        var line = end < 0 ? head : head[..end];
        foreach (var (other, name) in new[] { (';', "';'"), ('\t', "tabs"), (',', "commas"), ('|', "'|'") })
        {
            if (separator[0] != other && line.Count((byte)other) > line.Count(separator))
            {
                return $", but its columns are separated by {name}: save it with {(separator[0] == '\t' ? "tabs" : "commas")}";
            }
        }

        return "";
    }
}
