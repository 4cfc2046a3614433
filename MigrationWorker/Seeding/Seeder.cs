using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>
/// Adds real movies and, for a demonstration, invented users with generated ratings and reviews. All in one transaction, so that a worker
/// that dies leaves nothing behind. The seed is recorded in <c>applied_seeds</c> and not applied again, so that later changes and deletions
/// last.
/// </summary>
internal sealed class Seeder(CommandContext context, NpgsqlConnection connection, SeedProfile profile)
{
    // Part of the checksum: increment it when the generated data changes.
    private const string GeneratorVersion = "1";

    // Autovacuum would run only after a minute, during which requests would be slow.
    private const string Prepare =
        $"{SearchIndexes.Merge}; ANALYZE movies, genres, movie_genres, movie_stats, users, ratings, reviews, review_votes, favorites";

    // Every other row of content references one of these. A database with an older version of the seed has no foreign content.
    private const string HasForeignContent = """
        SELECT NOT EXISTS (SELECT FROM applied_seeds WHERE profile = $1)
            AND (EXISTS (SELECT FROM movies) OR EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM genres)
                OR EXISTS (SELECT FROM applied_seeds))
        """;

    public static string Checksum { get; } = MovieFixture.Checksum(GeneratorVersion);

    /// <summary>Whether this seed was applied to the database.</summary>
    public Task<bool> IsAppliedAsync(CancellationToken cancellationToken) => connection.ScalarAsync<bool>(
        "SELECT EXISTS (SELECT FROM applied_seeds WHERE profile = ANY ($1) AND checksum = $2)",
        cancellationToken,
        SeedOptions.GetNames(profile), Checksum);

    /// <summary>Whether this seed would mix invented users with other content: rows of real users, or of another profile.</summary>
    public async Task<bool> IsForeignAsync(CancellationToken cancellationToken) =>
        profile == SeedProfile.Demo
        && await connection.ScalarAsync<bool>(HasForeignContent, cancellationToken, SeedOptions.GetName(profile));

    /// <summary>Adds missing rows, by natural keys. Changes and deletes nothing.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var progress = new Progress(context.Log, "Seeding");
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BulkSettings.ApplyAsync(connection, cancellationToken);
        await RecordAsync(cancellationToken);
        await RestartIdsAsync(cancellationToken);

        var movies = MovieFixture.Read();

        // Generate them while the server is busy with the movies.
        var generating = Task.Run(
            List<DemoRating> () => profile == SeedProfile.Demo ? [.. DemoRatings.Generate(movies)] : [], cancellationToken);
        var added = await WorkerTelemetry.TraceAsync(
            "seed movies", () => new MovieImporter(connection).AddAsync(movies, cancellationToken));
        var (rated, reviewed) = profile == SeedProfile.Demo ? await AddDemoAsync(movies, await generating, cancellationToken) : (0, 0);
        await WorkerTelemetry.TraceAsync("analyze", () => connection.ExecuteAsync(Prepare, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        context.Log.LogInformation(
            "Seeded {Movies} movies, {Ratings} ratings and {Reviews} reviews in {Seconds:0.00} s.",
            added, rated, reviewed, clock.Elapsed.TotalSeconds);
    }

    private async Task<(long Rated, long Reviewed)> AddDemoAsync(
        IReadOnlyList<MovieRecord> movies, List<DemoRating> ratings, CancellationToken cancellationToken)
    {
        var store = new DemoStore(connection);
        await WorkerTelemetry.TraceAsync("seed users", () => store.AddUsersAsync(cancellationToken));
        var rated = await WorkerTelemetry.TraceAsync("seed ratings", () => store.AddRatingsAsync(ratings, cancellationToken));
        var reviewed = await WorkerTelemetry.TraceAsync(
            "seed reviews", () => store.AddReviewsAsync([.. DemoReviews.Generate(movies, ratings)], cancellationToken));
        await WorkerTelemetry.TraceAsync(
            "seed favorites", () => store.AddFavoritesAsync([.. ratings.Where(DemoReviews.IsFavorite)], cancellationToken));
        await WorkerTelemetry.TraceAsync("count", () => store.CountAsync(cancellationToken));
        return (rated, reviewed);
    }

    // A killed worker has used up ids. If there are no rows yet, restart them, so that ids are the same in every database.
    private async Task RestartIdsAsync(CancellationToken cancellationToken)
    {
        foreach (var table in new[] { "movies", "genres", "users", "reviews" })
        {
            await connection.ExecuteAsync(
                $"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1, false) WHERE NOT EXISTS (SELECT FROM {table})",
                cancellationToken);
        }
    }

    private Task<long> RecordAsync(CancellationToken cancellationToken) => connection.ExecuteAsync(
        """
        INSERT INTO applied_seeds (profile, checksum) VALUES ($1, $2)
        ON CONFLICT (profile) DO UPDATE SET checksum = excluded.checksum, applied_at = excluded.applied_at
        """,
        cancellationToken,
        SeedOptions.GetName(profile), Checksum);
}
