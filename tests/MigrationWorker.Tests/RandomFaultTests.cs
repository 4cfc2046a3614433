using System.Diagnostics;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests;

/// <summary>
/// Strikes a worker that builds a database at moments drawn by chance: its process is killed, or its connections are cut.
/// <c>MOVIEASPIRE_FAULT_ROUNDS</c> sets how often (10 unless given; the long form is 100).
/// </summary>
public sealed class RandomFaultTests
{
    private const string CutConnections =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'MovieAspire.MigrationWorker%'";

    [Fact]
    public async Task However_often_it_is_struck_the_database_is_whole_in_the_end()
    {
        await using var whole = await SeededDatabase.CreateAsync();
        var expected = await Sql.HashOfDataAsync(whole.ConnectionString);
        var rounds = int.Parse(Environment.GetEnvironmentVariable("MOVIEASPIRE_FAULT_ROUNDS") ?? "10", System.Globalization.CultureInfo.InvariantCulture);
        var typical = await DurationAsync();

        for (var done = 0; done < rounds;)
        {
            // Up to three strikes at one database before it may finish.
            await using var database = await TestDatabase.CreateAsync();
            for (var strike = 0; strike < 3 && done < rounds; strike++, done++)
            {
                await StrikeAsync(database, typical * Random.Shared.NextDouble());
            }

            var last = await Worker.RunAsync(database.ConnectionString);
            Assert.True(last.ExitCode == 0, last.Output + last.Error);
            Assert.Equal(expected, await Sql.HashOfDataAsync(database.ConnectionString));
        }
    }

    private static async Task StrikeAsync(TestDatabase database, TimeSpan after)
    {
        using var victim = Worker.Start(database.ConnectionString);
        await Task.Delay(after);
        if (Random.Shared.Next(2) == 0)
        {
            victim.Kill();
        }
        else
        {
            await Sql.ExecuteAsync(database.ConnectionString, CutConnections);
        }

        var result = await Worker.FinishAsync(victim);
        Assert.True(result.ExitCode == 0 || result.ExitCode > 2 || result.LastErrorLine.StartsWith("error: ", StringComparison.Ordinal), result.Error);
    }

    /// <summary>How long an undisturbed run takes here, so that strikes fall into all of it.</summary>
    private static async Task<TimeSpan> DurationAsync()
    {
        await using var database = await TestDatabase.CreateAsync();
        var clock = Stopwatch.StartNew();
        await Worker.RunAsync(database.ConnectionString);
        return clock.Elapsed;
    }
}
