using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Tests.Backups;
using MovieAspire.MigrationWorker.Tests.Cli;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>What the database's owner can do without being a superuser, and what the owner is told to ask of one.</summary>
public sealed class OwnerTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("movieaspire-owner-");
    private readonly List<string> _roles = [];
    private readonly HashSet<string> _done = [];
    private BackupTrial _trial = null!;

    public async Task InitializeAsync() => _trial = await BackupTrial.EmptyAsync();

    public async Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _trial.DisposeAsync();
        foreach (var role in _roles)
        {
            await PostgresServer.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task Owner_runs_every_command_from_the_first_up_to_the_last_restore()
    {
        var fixture = Path.Combine(_folder.FullName, "fixture.json");
        await OkAsync("up", "--seed", "movies");
        await Rows.AddReviewAsync(_trial.ConnectionString, 1, await Rows.AddUserAsync(_trial.ConnectionString, "ann"));
        var seeded = await SeededData.HashAsync(_trial.ConnectionString);
        await OkAsync("status", "--check");
        await OkAsync("verify");
        await OkAsync("plan", "--to", "nothing");
        await OkAsync("dump", fixture);
        await OkAsync("backup");
        var backup = Assert.Single(await _trial.Folder.ListAsync(Assert.Fail, CancellationToken.None)).Path;
        await OkAsync("verify-backup", backup);
        await ImportEachAsync();
        await OkAsync("restore", backup);
        Assert.Equal(seeded, await SeededData.HashAsync(_trial.ConnectionString));
        await OkAsync("restore", "undo");
        await OkAsync("backups");
        await OkAsync("restore", "prune", "--yes");
        await OkAsync("rollback", "--yes");
        await OkAsync("migrate", "--to", Data.Migrations.MigrationScript.LatestId);
        await OkAsync("load", fixture);
        await OkAsync("seed", "--profile", "movies", "--again");
        await OkAsync("recreate", "--seed", "none");
        await _trial.ExecuteAsync("DELETE FROM applied_migrations");
        await OkAsync("baseline");
        await _trial.ExecuteAsync("UPDATE applied_migrations SET checksum = 'another'");
        await OkAsync("repair", "--yes");
        await Rows.AddUserAsync(_trial.ConnectionString, "ann");
        await OkAsync("role", "add", "ann@example.com", "moderator");
        await OkAsync("role", "remove", "ann@example.com", "moderator");
        await OkAsync("verify");

        // A new command belongs here, too.
        Assert.Equal(
            CommandReference.Commands().Where(command => command.Command is WorkerCommand).Select(command => command.Name).Order(),
            _done.Order());
    }

    private async Task ImportEachAsync()
    {
        await ImportAsync("", ("tmdb.csv", "title,release_date\nHeat,1995-12-15\n"));
        await ImportAsync(
            "movielens",
            ("movies.csv", "movieId,title,genres\n1,Heat (1995),Action\n"),
            ("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n"));
        await ImportAsync(
            "movielens-100k",
            ("u.item", $"1|Heat (1995)|15-Dec-1995||{string.Concat(Enumerable.Repeat("|0", 19))}\n"),
            ("u.data", "1\t1\t5\t881250949\n"));
        await ImportAsync("movielens-1m", ("movies.dat", "1::Heat (1995)::Action\n"), ("ratings.dat", "1::1::5::978300760\n"));
        await ImportAsync(
            "imdb",
            ("title.basics.tsv",
                "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"
                + "tt0113277\tmovie\tHeat\tHeat\t0\t1995\t\\N\t170\tAction\n"),
            ("title.ratings.tsv", "tconst\taverageRating\tnumVotes\ntt0113277\t8.3\t700000\n"));
        await ImportAsync("letterboxd", ("ratings.csv", "Date,Name,Year,Letterboxd URI,Rating\n2020-01-02,Heat,1995,,4\n"));
        await ImportAsync("netflix", ("titles.csv", "show_id,type,title,release_year\ns1,Movie,Heat,1995\n"));
        await ImportAsync("tmdb", ("tmdb.csv", "title,release_date\nHeat,1995-12-15\n"));
    }

    // Without a name the files tell which data set it is.
    private async Task ImportAsync(string set, params (string Name, string Content)[] files)
    {
        var folder = _folder.CreateSubdirectory($"import-{set}").FullName;
        foreach (var (name, content) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), content);
        }

        await OkAsync(set.Length == 0 ? ["import", folder] : ["import", set, folder]);
    }

    [Fact]
    public async Task Role_without_createdb_is_told_what_it_lacks_in_the_servers_words()
    {
        var role = await CreateRoleAsync("");
        await PostgresServer.ExecuteAsync($"""ALTER DATABASE "{_trial.Target.Database}" OWNER TO {role}""");
        var refused = await Worker.RunAsync(ConnectionStringOf(role), "recreate", "--seed", "none");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("permission denied to create database (42501)", refused.LastErrorLine, StringComparison.Ordinal);
        Assert.Contains($"ALTER ROLE \"{role}\" CREATEDB", refused.LastErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_with_createdb_that_does_not_own_the_database_is_not_told_to_get_createdb()
    {
        var role = await CreateRoleAsync("CREATEDB");
        var refused = await Worker.RunAsync(ConnectionStringOf(role), "recreate", "--seed", "none");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("(42501)", refused.LastErrorLine, StringComparison.Ordinal);
        Assert.DoesNotContain("CREATEDB", refused.LastErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_that_the_owner_may_not_end_are_named_with_what_to_do()
    {
        var application = await CreateRoleAsync("");
        await OkAsync("up", "--seed", "none");
        await using (var session = new NpgsqlConnection(ConnectionStringOf(application) + ";Pooling=false"))
        {
            await session.OpenAsync();
            var refused = await Worker.RunAsync(_trial.ConnectionString, "recreate", "--seed", "none");
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("is being accessed by other users", refused.LastErrorLine, StringComparison.Ordinal);
            Assert.EndsWith(
                $"may not end the sessions of {application}: stop those programs, "
                + $"or as a superuser run: GRANT pg_signal_backend TO \"{DatabaseOwner.Role}\"",
                refused.LastErrorLine,
                StringComparison.Ordinal);
        }

        await OkAsync("recreate", "--seed", "none");
    }

    [Fact]
    public async Task What_only_a_superuser_may_set_for_a_database_is_told_and_the_rest_comes_along()
    {
        var application = await CreateRoleAsync("");
        var name = _trial.Target.Database!;
        await OkAsync("up", "--seed", "none");
        await PostgresServer.ExecuteAsync($"""ALTER ROLE {application} IN DATABASE "{name}" SET statement_timeout = '7s'""");
        await PostgresServer.ExecuteAsync($"""ALTER DATABASE "{name}" SET TimeZone = 'Asia/Tokyo'""");
        await PostgresServer.ExecuteAsync($"""GRANT TEMPORARY ON DATABASE "{name}" TO {application}""");

        var result = await Worker.RunAsync(_trial.ConnectionString, "recreate", "--seed", "none");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            $"As a superuser run: ALTER ROLE {application} IN DATABASE {name} SET statement_timeout TO '7s';",
            result.Error,
            StringComparison.Ordinal);
        Assert.Equal("Asia/Tokyo", await _trial.ScalarAsync<string>("SELECT current_setting('TimeZone')"));
        Assert.True(await _trial.ScalarAsync<bool>($"SELECT has_database_privilege('{application}', current_database(), 'TEMPORARY')"));
    }

    private async Task<string> CreateRoleAsync(string rights)
    {
        var role = $"role_{Guid.NewGuid():N}";
        await PostgresServer.ExecuteAsync($"CREATE ROLE {role} LOGIN {rights} PASSWORD '{role}'");
        _roles.Add(role);
        return role;
    }

    private string ConnectionStringOf(string role) =>
        new NpgsqlConnectionStringBuilder(_trial.ConnectionString) { Username = role, Password = role }.ConnectionString;

    private async Task OkAsync(params string[] arguments)
    {
        var result = await Worker.RunAsync(_trial.ConnectionString, new() { ["Backup__Folder"] = _trial.Folder.Path }, arguments);
        var line = string.Join(' ', arguments);
        Assert.True(result.ExitCode == 0, $"{line}: {result.Output}{result.Error}");
        _done.Add(CommandReference.Commands()
            .Select(command => command.Name)
            .Where(name => $"{line} ".StartsWith($"{name} ", StringComparison.Ordinal))
            .MaxBy(name => name.Length)!);
    }
}
