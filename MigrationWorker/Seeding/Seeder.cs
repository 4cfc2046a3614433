using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>
/// Real films and, in a demonstration, invented people, generated votes and reviews. One transaction, so that a worker that dies leaves
/// nothing behind, and remembered in <c>applied_seeds</c>, so that what people change or delete later stays as they left it.
/// </summary>
internal sealed class Seeder(CommandContext context, NpgsqlConnection connection, string profile)
{
    // Part of the checksum: a change of what is generated is a new seed.
    private const string Generator = "1";

    public static string Checksum { get; } = MovieFixture.Checksum(Generator);

    /// <summary>True when this database has had this seed.</summary>
    public async Task<bool> IsAppliedAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM applied_seeds WHERE profile = $1 AND checksum = $2)", connection)
        {
            Parameters = { new() { Value = profile }, new() { Value = Checksum } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Adds what is missing, by natural keys; changes and deletes nothing.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var progress = new Progress(context.Log, "Seeding");
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RememberAsync(cancellationToken);
        await RestartIdsAsync(cancellationToken);

        var films = MovieFixture.Read();
        var added = await WorkerTelemetry.TraceAsync("seed films", () => new MovieImporter(connection).AddAsync(films, cancellationToken));
        var (rated, reviewed) = profile == SeedProfile.Demo ? await AddPeopleAsync(films, cancellationToken) : (0, 0);
        await transaction.CommitAsync(cancellationToken);
        context.Log.LogInformation(
            "Seeded {Films} films, {Ratings} ratings and {Reviews} reviews in {Seconds:0.00} s.", added, rated, reviewed, clock.Elapsed.TotalSeconds);
    }

    private async Task<(int Rated, int Reviewed)> AddPeopleAsync(IReadOnlyList<MovieRecord> films, CancellationToken cancellationToken)
    {
        var people = new DemoStore(connection);
        await WorkerTelemetry.TraceAsync("seed people", () => people.AddPeopleAsync(cancellationToken));
        var ratings = DemoRatings.Generate(films).ToList();
        var rated = await WorkerTelemetry.TraceAsync("seed ratings", () => people.AddRatingsAsync(ratings, cancellationToken));
        var reviewed = await WorkerTelemetry.TraceAsync("seed reviews", () => people.AddReviewsAsync([.. DemoReviews.Generate(films, ratings)], cancellationToken));
        await WorkerTelemetry.TraceAsync("seed favorites", () => people.AddFavoritesAsync([.. ratings.Where(DemoReviews.IsFavorite)], cancellationToken));
        return (rated, reviewed);
    }

    /// <summary>A worker that was killed used up ids; where there is no row yet, they start over, so that everybody's are the same.</summary>
    private async Task RestartIdsAsync(CancellationToken cancellationToken)
    {
        foreach (var table in new[] { "movies", "genres", "users", "reviews" })
        {
            await using var restart = new NpgsqlCommand(
                $"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1, false) WHERE NOT EXISTS (SELECT FROM {table})", connection);
            await restart.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task RememberAsync(CancellationToken cancellationToken)
    {
        const string Sql = """
            INSERT INTO applied_seeds (profile, checksum) VALUES ($1, $2)
            ON CONFLICT (profile) DO UPDATE SET checksum = excluded.checksum, applied_at = excluded.applied_at
            """;
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = profile }, new() { Value = Checksum } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
