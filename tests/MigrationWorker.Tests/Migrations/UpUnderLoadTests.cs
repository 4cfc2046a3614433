using System.Collections.Concurrent;
using System.Diagnostics;
using MovieAspire.Data.Migrations;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

/// <summary>The release before goes on serving while the migrations of this one are applied.</summary>
public sealed class UpUnderLoadTests
{
    // What an API at the first migration sends: each in a transaction of its own, unless it says otherwise.
    private static readonly string[] Requests =
    [
        "INSERT INTO ratings (user_id, movie_id, value) VALUES ((SELECT min(id) + $1 % 70 FROM users), (SELECT min(id) + $1 % 3000 FROM movies), "
            + "1 + $1 % 10) ON CONFLICT (user_id, movie_id) DO UPDATE SET value = excluded.value",
        "INSERT INTO reviews (user_id, movie_id, title, body, contains_spoilers) SELECT min(users.id) + $1 % 70, (SELECT min(id) + $1 % 3000 "
            + "FROM movies), 'Title', 'Body', false FROM users ON CONFLICT DO NOTHING",
        "DELETE FROM reviews WHERE title = 'Title' AND id % 8 = $1 % 8",
        "INSERT INTO favorites (user_id, movie_id) SELECT (SELECT min(id) + $1 % 70 FROM users), min(id) + $1 % 3000 FROM movies "
            + "ON CONFLICT DO NOTHING",
        "INSERT INTO users (display_name, user_name, normalized_user_name, email, normalized_email, email_confirmed, phone_number_confirmed, "
            + "two_factor_enabled, lockout_enabled, access_failed_count) SELECT 'New', n, upper(n), n, upper(n), true, false, false, true, 0 "
            + "FROM (SELECT gen_random_uuid() || '@example.com' || left($1::text, 0)) AS names (n)",
        "DELETE FROM users WHERE id = (SELECT max(id) FROM users WHERE display_name = 'New' AND $1 > 0)",
        "UPDATE movies SET director = 'Somebody ' || $1 WHERE id = (SELECT min(id) + $1 % 3000 FROM movies)",
        "INSERT INTO movies (title, release_date) VALUES ('Under load ' || gen_random_uuid(), date '2000-01-01' + $1 % 30000)",
        "DELETE FROM movies WHERE title LIKE 'Under load %' AND id % 8 = $1 % 8",
        "SELECT count(*) FROM (SELECT * FROM movies JOIN movie_stats ON movie_id = id WHERE $1 > 0 ORDER BY score DESC LIMIT 20) AS page",
    ];

    // Which refuses nothing, either, and only takes its time.
    private static readonly Dictionary<string, string> WithoutBackup = new() { ["Backup__BeforeMigration"] = "false" };

    [Fact]
    public async Task Nothing_is_refused_while_up_migrates_a_database_in_use()
    {
        await using var database = await SeededDatabase.CreateAsync();
        var back = await Worker.RunAsync(database.ConnectionString, WithoutBackup, "migrate", "--to", MigrationScript.All[0].Id, "--yes");
        Assert.Equal((0, ""), (back.ExitCode, back.Error));

        using var stop = new CancellationTokenSource();
        var refused = new ConcurrentBag<string>();
        var served = new int[Requests.Length];
        var clients = Enumerable.Range(0, 4)
            .Select(client => Task.Run(() => SendAsync(database.ConnectionString, client, served, refused, stop.Token))).ToList();
        await Eventually.HoldsAsync(() => served.All(count => count > 0), "each request was served once");

        var up = await Worker.RunAsync(database.ConnectionString, WithoutBackup, "up");
        var servedBefore = served.ToArray();
        await Eventually.HoldsAsync(
            () => served.Zip(servedBefore).All(counts => counts.First > counts.Second), "each request was served afterwards");
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        Assert.Equal((0, ""), (up.ExitCode, up.Error));
        Assert.True(refused.IsEmpty, string.Join("\n", refused));
        Assert.Equal(0, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM wrong_aggregates()"));
        Assert.Equal(
            0,
            await Sql.ScalarAsync<long>(
                database.ConnectionString,
                "SELECT count(*) FROM movies FULL JOIN (SELECT * FROM movie_changes WHERE NOT is_deleted) AS c ON movie_id = id "
                + "WHERE id IS NULL OR movie_id IS NULL"));
    }

    private static async Task SendAsync(
        string connectionString, int client, int[] served, ConcurrentBag<string> refused, CancellationToken cancellationToken)
    {
        var random = new Random(client);
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Include Error Detail=true");
        await connection.OpenAsync(CancellationToken.None);
        while (!cancellationToken.IsCancellationRequested)
        {
            var request = random.Next(Requests.Length);
            var clock = Stopwatch.StartNew();
            try
            {
                await connection.ExecuteAsync(Requests[request], random.Next(1, 1_000_000));
                Interlocked.Increment(ref served[request]);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation)
            {
                // Another client was first; what the API answers with 404 or 409.
            }
            catch (PostgresException e)
            {
                refused.Add($"{e.SqlState} after {clock.Elapsed}: {e.MessageText}: {e.Detail}: {e.Where}: {Requests[request]}");
            }
        }
    }
}
