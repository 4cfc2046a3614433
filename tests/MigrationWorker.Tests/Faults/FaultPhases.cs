using System.Globalization;
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
    private const long Users = 3_000;
    private const int RatingsOfEach = 100;
    private const string CountRatings = "SELECT count(*) FROM ratings";

    public async Task<IReadOnlyList<FaultPhase>> AllAsync() =>
    [
        new(null, ["up"], _ => Task.CompletedTask, IsSeededAsync),
        await LoadAsync(),
        await ImportAsync(),
        await RestoreAsync(),
        new(FaultScene.Seeded, ["backup", scene.In("backups")], HasWholeBackupsAsync, HasBackupAsync),
        new(FaultScene.Changed, ["recreate"], IsChangedOrSeededAsync, IsSeededAsync),
    ];

    private async Task<FaultPhase> LoadAsync()
    {
        await scene.RunAsync(FaultScene.Seeded, "dump", scene.In("seeded.json"));
        return new(
            FaultScene.Schema, ["load", scene.In("seeded.json")],
            async database => Assert.Equal(
                await Sql.ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM genres)"),
                await Sql.ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM favorites)")),
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
        return new(
            FaultScene.Schema, ["import", "movielens", folder],
            async database => Assert.Contains(await Sql.ScalarAsync<long>(database, CountRatings), new[] { 0, Users * RatingsOfEach }),
            async database =>
            {
                Assert.Equal(Users * RatingsOfEach, await Sql.ScalarAsync<long>(database, CountRatings));
                Assert.Equal(0, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM wrong_aggregates()"));
                Assert.Null(await Sql.ScalarAsync<string>(database, "SELECT to_regnamespace('import')::text"));
            });
    }

    private async Task<FaultPhase> RestoreAsync()
    {
        await scene.RunAsync(FaultScene.Seeded, "backup", scene.In("restored"));
        return new(
            FaultScene.Changed, ["restore", Directory.GetFiles(scene.In("restored"), "*.dump").Single()], IsChangedOrSeededAsync,
            IsSeededAsync);
    }

    private Task IsSeededAsync(string database) => IsOneOfAsync(database, FaultScene.Seeded);

    private Task IsChangedOrSeededAsync(string database) => IsOneOfAsync(database, FaultScene.Changed, FaultScene.Seeded);

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
