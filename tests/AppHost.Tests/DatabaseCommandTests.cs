using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Testing;

namespace MovieAspire.AppHost.Tests;

/// <summary>What people do with the database by hand, from the dashboard or the Aspire CLI.</summary>
[Collection(RunningApplication.Collection)]
public sealed class DatabaseCommandTests(RunningApplication running)
{
    private readonly string _backups = running.Backups;
    private readonly TestApplication _run = running.Application;

    [Fact]
    public async Task Database_is_backed_up_started_over_reseeded_and_restored_by_clicks()
    {
        Assert.Contains("Up to date", await SucceedsAsync("status"), StringComparison.Ordinal);

        await SqlAsync("UPDATE movies SET title = 'Renamed' WHERE id = (SELECT min(id) FROM movies)");
        Assert.Contains("Done in", await SucceedsAsync("backup"), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync("Renamed"));

        await SucceedsAsync("recreate");
        Assert.Equal(0, await CountAsync("Renamed"));
        Assert.NotEqual(0, await CountAsync("Titanic"));
        await SqlAsync("DELETE FROM movies WHERE title = 'Titanic'");
        Assert.Equal(0, await CountAsync("Titanic"));
        await SucceedsAsync("reseed");
        Assert.NotEqual(0, await CountAsync("Titanic"));

        var choice = await BackupChoiceAsync();
        var file = Assert.Single(Directory.GetFiles(_backups, "*.dump"));
        Assert.Equal([Path.GetFileName(file)], choice.Options!.Select(option => option.Key));
        choice.Value = choice.Options!.Single().Key;
        await SucceedsAsync("restore", choice);
        Assert.Equal(1, await CountAsync("Renamed"));

        Assert.Contains("Up to date", await SucceedsAsync("update"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_of_a_file_that_is_not_there_says_so()
    {
        var missing = new InteractionInput { Name = "backup", InputType = InputType.Choice, Value = "missing.dump" };
        var result = await _run.CommandAsync("restore", missing);

        Assert.False(result.Success);
        Assert.Contains("There is no file", result.Data?.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_that_is_no_name_of_a_migration_is_refused_before_anything_runs()
    {
        var noIdentifier = new InteractionInput { Name = "name", InputType = InputType.Text, Value = "1 x; y" };
        var result = await _run.CommandAsync("add-migration", noIdentifier);

        Assert.False(result.Success);
        Assert.Contains("validation failed", result.Message, StringComparison.Ordinal);
    }

    private async Task<string> SucceedsAsync(string command, params InteractionInput[] arguments)
    {
        var result = await _run.CommandAsync(command, arguments);
        Assert.True(result.Success, $"{command}: {result.Message}\n{result.Data?.Value}");
        return result.Data!.Value;
    }

    /// <summary>What the dialog offers.</summary>
    private async Task<InteractionInput> BackupChoiceAsync()
    {
        var restore = Database().Annotations.OfType<ResourceCommandAnnotation>().Single(command => command.Name == "restore");
        var declared = Assert.Single(restore.Arguments!);
        // A copy, as of the dialog: the dashboard shows what is declared.
        var input = new InteractionInput { Name = declared.Name, InputType = declared.InputType, DynamicLoading = declared.DynamicLoading };
        await input.DynamicLoading!.LoadCallback(new LoadInputContext
        {
            Input = input,
            AllInputs = new InteractionInputCollection([input]),
            Services = _run.Application.Services,
            CancellationToken = _run.Deadline,
        });
        return input;
    }

    private IResource Database() =>
        _run.Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == "moviedb");

    private async Task SqlAsync(string sql) => await Sql.ExecuteAsync(await ConnectionStringAsync(), sql);

    private async Task<long> CountAsync(string title) =>
        await Sql.ScalarAsync<long>(await ConnectionStringAsync(), "SELECT count(*) FROM movies WHERE title = $1", title);

    private async Task<string> ConnectionStringAsync() => (await _run.Application.GetConnectionStringAsync("moviedb", _run.Deadline))!;
}
