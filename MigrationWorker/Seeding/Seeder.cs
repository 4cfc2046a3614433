using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>
/// Adds real movies and, for a demonstration, invented users with generated ratings and reviews. One transaction, so that a worker that
/// dies leaves nothing behind, and recorded in <c>applied_seeds</c>, so that what is changed or deleted later stays so.
/// </summary>
internal sealed class Seeder(CommandContext context, NpgsqlConnection connection, SeedProfile profile)
{
    // Part of the checksum: a change of what is generated is a new seed.
    private const string GeneratorVersion = "1";

    // Autovacuum would do it only after a minute, in which the first requests are slow.
    private const string Prepare =
        $"{SearchIndexes.Merge}; ANALYZE movies, genres, movie_genres, movie_stats, users, ratings, reviews, review_votes, favorites";

    // Every other row of content points to one of these. A database with an older version of the seed has no foreign content.
    private const string HasForeignContent = """
        SELECT NOT EXISTS (SELECT FROM applied_seeds WHERE profile = $1)
            AND (EXISTS (SELECT FROM movies) OR EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM genres)
                OR EXISTS (SELECT FROM applied_seeds))
        """;

    public static string Checksum { get; } = MovieFixture.Checksum(GeneratorVersion);

    /// <summary>True when this database has had this seed.</summary>
    public Task<bool> IsAppliedAsync(CancellationToken cancellationToken) => connection.ScalarAsync<bool>(
        "SELECT EXISTS (SELECT FROM applied_seeds WHERE profile = ANY ($1) AND checksum = $2)",
        cancellationToken,
        SeedOptions.GetNames(profile), Checksum);

    /// <summary>
    /// True where this seed would put invented users among content that is not its own: rows of somebody, or of another profile.
    /// </summary>
    public async Task<bool> IsForeignAsync(CancellationToken cancellationToken) =>
        profile == SeedProfile.Demo
        && await connection.ScalarAsync<bool>(HasForeignContent, cancellationToken, SeedOptions.GetName(profile));

    /// <summary>Adds what is missing, by natural keys; changes and deletes nothing.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var progress = new Progress(context.Log, "Seeding");
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BulkSettings.ApplyAsync(connection, cancellationToken);
        await RecordAsync(cancellationToken);
        await RestartIdsAsync(cancellationToken);

        var movies = MovieFixture.Read();

        // While the server is busy with the movies.
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

    // A worker that was killed used up ids; where there is no row yet, they start over, so that every database has the same ones.
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
