using System.Globalization;
using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Faults;

/// <summary>A command that may be struck, and what must hold afterwards.</summary>
/// <param name="Template">The database that it begins with; null for none.</param>
/// <param name="Command">Its name and its arguments.</param>
/// <param name="CheckAfterFault">Whether nothing is half done.</param>
/// <param name="CheckAtEnd">Whether all is done once it ran to its end.</param>
internal sealed record FaultPhase(string? Template, string[] Command, Func<string, Task> CheckAfterFault, Func<string, Task> CheckAtEnd);

/// <summary>All phases of a database's life that write.</summary>
internal sealed class FaultPhases(FaultScene scene)
{
    private const long Users = 2_600;
    private const int RatingsOfEach = 100;
    private const string CountRatings = "SELECT count(*) FROM ratings";
    private const string CountLinked = "SELECT count(*) FROM movies WHERE imdb_id IS NOT NULL AND tmdb_id IS NOT NULL";
    private const string CountRecorded = "SELECT count(*) FROM applied_migrations";
    private static readonly int Migrations = MigrationScript.All.Count;

    public async Task<IReadOnlyList<FaultPhase>> AllAsync() =>
    [
        new(null, ["up", "--seed", scene.Profile], _ => Task.CompletedTask, IsSeededAsync),
        new(FaultScene.Earlier, ["up", "--seed", scene.Profile], IsBetweenMigrationsAsync, IsUpgradedAsync),
        new(FaultScene.Unrecorded, ["baseline"], IsRecordedOrNotAsync, IsRecordedAsync),
        await LoadAsync(),
        await ImportAsync(),
        await RestoreAsync(),
        new(FaultScene.Seeded, ["backup", scene.In("backups")], HasWholeBackupsAsync, HasBackupAsync),
        new(FaultScene.Changed, ["recreate", "--seed", scene.Profile], IsChangedOrSeededAsync, IsReplacedAsync),
    ];

    private async Task<FaultPhase> LoadAsync()
    {
        await scene.RunAsync(FaultScene.Seeded, "dump", scene.In("seeded.json"));
        return new(
            FaultScene.Schema, ["load", scene.In("seeded.json")],
            async database => Assert.Equal(
                await Sql.ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM genres)"),
                await Sql.ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM movie_genres)")),
            async database =>
            {
                var again = await Worker.RunAsync(database, "dump", scene.In("again.json"));
                Assert.Equal((0, ""), (again.ExitCode, again.Error));
                Assert.Equal(await File.ReadAllTextAsync(scene.In("seeded.json")), await File.ReadAllTextAsync(scene.In("again.json")));
            });
    }

    // More ratings than are committed at once on their way in.
    private async Task<FaultPhase> ImportAsync()
    {
        var folder = Directory.CreateDirectory(scene.In("movielens")).FullName;
        var movies = Enumerable.Range(0, RatingsOfEach).Select(movie => $"{movie},Movie {movie} (2000),Drama");
        await File.WriteAllLinesAsync(Path.Combine(folder, "movies.csv"), ["movieId,title,genres", .. movies]);
        await File.WriteAllLinesAsync(Path.Combine(folder, "ratings.csv"), Enumerable.Range(0, (int)Users * RatingsOfEach)
            .Select(rating => string.Create(
                CultureInfo.InvariantCulture, $"{rating / RatingsOfEach},{rating % RatingsOfEach},{0.5 + rating % 10 * 0.5},1260759144"))
            .Prepend("userId,movieId,rating,timestamp"));
        var links = Enumerable.Range(0, RatingsOfEach).Select(movie => $"{movie},{movie + 1:0000000},{movie + 1}");
        await File.WriteAllLinesAsync(Path.Combine(folder, "links.csv"), ["movieId,imdbId,tmdbId", .. links]);
        return new(
            FaultScene.Schema, ["import", "movielens", folder],
            async database =>
            {
                Assert.Contains(await Sql.ScalarAsync<long>(database, CountRatings), new[] { 0, Users * RatingsOfEach });
                Assert.Contains(await Sql.ScalarAsync<long>(database, CountLinked), new long[] { 0, RatingsOfEach });
            },
            async database =>
            {
                Assert.Equal(Users * RatingsOfEach, await Sql.ScalarAsync<long>(database, CountRatings));
                Assert.Equal(RatingsOfEach, await Sql.ScalarAsync<long>(database, CountLinked));
                Assert.Equal(0, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM wrong_aggregates()"));
                Assert.Null(await Sql.ScalarAsync<string>(database, "SELECT to_regnamespace('import')::text"));
            });
    }

    private async Task<FaultPhase> RestoreAsync()
    {
        await scene.RunAsync(FaultScene.Seeded, "backup", scene.In("restored"));
        return new(
            FaultScene.Changed, ["restore", Directory.GetFiles(scene.In("restored"), "*.dump").Single()], IsChangedOrSeededAsync,
            IsReplacedAsync);
    }

    private Task IsSeededAsync(string database) => IsOneOfAsync(database, FaultScene.Seeded);

    // Each migration is applied and recorded, or neither; no row is lost on the way.
    private async Task IsBetweenMigrationsAsync(string database)
    {
        const string Rows = "SELECT concat((SELECT count(*) FROM movies), ' ', (SELECT count(*) FROM ratings), ' ', (SELECT count(*) FROM reviews))";
        Assert.Equal(
            scene.Profile == "demo" ? "3200 98424 5037" : "3200 0 0", await Sql.ScalarAsync<string>(database, Rows));
        Assert.Equal(
            await Sql.ScalarAsync<long>(database, CountRecorded),
            await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM \"__EFMigrationsHistory\""));
    }

    private async Task IsUpgradedAsync(string database)
    {
        await IsBetweenMigrationsAsync(database);
        await IsVerifiedAsync(database);
    }

    private async Task IsRecordedOrNotAsync(string database)
    {
        await IsSeededAsync(database);
        Assert.Contains(await Sql.ScalarAsync<long>(database, CountRecorded), new[] { 0L, Migrations });
    }

    private async Task IsRecordedAsync(string database)
    {
        await IsSeededAsync(database);
        await IsVerifiedAsync(database);
    }

    private static async Task IsVerifiedAsync(string database)
    {
        Assert.Equal(Migrations, await Sql.ScalarAsync<long>(database, CountRecorded));
        var verified = await Worker.RunAsync(database, "verify");
        Assert.Equal((0, ""), (verified.ExitCode, verified.Error));
    }

    private async Task IsReplacedAsync(string database)
    {
        await IsSeededAsync(database);
        await IsReadableAsync(database);
    }

    private async Task IsChangedOrSeededAsync(string database)
    {
        await IsOneOfAsync(database, FaultScene.Changed, FaultScene.Seeded);
        await IsReadableAsync(database);
    }

    // Whoever read the tables that were replaced reads the new ones, and the next.
    private static async Task IsReadableAsync(string database) => Assert.True(await Sql.ScalarAsync<bool>(database, $"""
        SELECT has_table_privilege('{FaultScene.Reader}', 'ratings', 'SELECT')
            AND EXISTS (SELECT FROM pg_default_acl WHERE defaclacl::text LIKE '%{FaultScene.Reader}=r/%')
        """));

    private async Task IsOneOfAsync(string database, params string[] templates) =>
        Assert.Contains(await SeededData.HashAsync(database), templates.Select(template => scene.Hashes[template]));

    private async Task HasWholeBackupsAsync(string database)
    {
        await IsSeededAsync(database);
        foreach (var backup in await BackupsAsync())
        {
            await backup.CheckFileAsync(CancellationToken.None);
        }
    }

    private async Task HasBackupAsync(string database)
    {
        await HasWholeBackupsAsync(database);
        Assert.NotEmpty(await BackupsAsync());
        Assert.Empty(Directory.GetFiles(scene.In("backups"), ".*"));
    }

    private Task<IReadOnlyList<Backup>> BackupsAsync() =>
        new BackupFolder(scene.In("backups")).ListAsync(Assert.Fail, CancellationToken.None);
}
