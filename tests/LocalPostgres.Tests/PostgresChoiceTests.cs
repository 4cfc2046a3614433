using System.Diagnostics;
using System.Runtime.Versioning;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using MovieAspire.Testing;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>What runs where an engine, a PostgreSQL or npm is there or not, and what held the data before.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresChoiceTests : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();
    private readonly IConfigurationRoot _settings = new ConfigurationBuilder().AddInMemoryCollection().Build();

    private PostgresDataFolder Folder => new(_home.Below("clone/postgres"), isTemporary: false);

    public Task InitializeAsync()
    {
        Engine("exit 1");
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _home.DeleteAsync();

    [RequiresFact(Tool.Unix)]
    public async Task Engine_that_answers_is_used_and_needs_no_word()
    {
        Engine("exit 0");

        Assert.Equal(new PostgresChoice(null, null), await ChooseAsync());
        Assert.Equal(PostgresKind.Container, Folder.StoredKind);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Without_an_engine_the_machines_own_PostgreSQL_runs()
    {
        var choice = await ChooseAsync();

        Assert.Equal(await PostgresInstallation.FindAsync(), choice.Installation);
        Assert.EndsWith($", with data in {Folder.Location}.", choice.Message, StringComparison.Ordinal);
        Assert.Equal(PostgresKind.Process, Folder.StoredKind);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Engine_that_hangs_counts_as_none_within_two_seconds()
    {
        Engine("exec sleep 60");
        var clock = Stopwatch.StartNew();

        Assert.False(await PostgresChoice.EngineAnswersAsync(_settings));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.NotNull((await ChooseAsync()).Installation);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Process_that_holds_the_data_stays_in_use_where_an_engine_comes()
    {
        await ChooseAsync();
        Engine("exit 0");

        Assert.NotNull((await ChooseAsync()).Installation);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Container_that_holds_the_data_is_replaced_while_its_engine_is_gone_and_one_line_says_so()
    {
        Engine("exit 0");
        await ChooseAsync();
        Engine("exit 1");

        var choice = await ChooseAsync();
        Assert.NotNull(choice.Installation);
        Assert.EndsWith(
            "No container engine answers: the data of earlier runs is in its volume, and is back with the engine.",
            choice.Message,
            StringComparison.Ordinal);

        Engine("exit 0");
        Assert.Equal(new PostgresChoice(null, null), await ChooseAsync());
    }

    [RequiresFact(Tool.Unix)]
    public async Task Process_that_holds_the_data_is_replaced_while_its_PostgreSQL_is_gone_and_one_line_says_so()
    {
        await ChooseAsync();
        DataOf(14);
        Engine("exit 0");

        var choice = await ChooseAsync();
        Assert.Null(choice.Installation);
        Assert.StartsWith(
            $"postgres runs in a container, with data of its own: the data in {Folder.Location} was made by PostgreSQL 14, this machine has ",
            choice.Message,
            StringComparison.Ordinal);
        Assert.Equal(PostgresKind.Process, Folder.StoredKind);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Setting_moves_a_clone_to_a_container_and_one_line_says_where_its_data_was()
    {
        await ChooseAsync();
        Engine("exit 0");
        _settings[PostgresSettings.Kind] = "container";

        Assert.Equal(
            $"postgres runs in a container, with data of its own: the data of earlier runs is in {Folder.Location}.",
            (await ChooseAsync()).Message);
        Assert.Equal(PostgresKind.Container, Folder.StoredKind);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Forced_container_without_an_engine_is_an_error()
    {
        _settings[PostgresSettings.Kind] = "container";

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(ChooseAsync);
        Assert.Contains("asks for a container, but no container engine answers.", failure.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Setting_that_means_nothing_is_an_error()
    {
        _settings[PostgresSettings.Kind] = "vm";

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(ChooseAsync);
        Assert.Equal("The setting Postgres is 'vm'; it can be 'container' or 'process'.", failure.Message);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Data_of_another_major_version_is_refused_with_what_to_do()
    {
        DataOf(14);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(ChooseAsync);
        Assert.Contains("was made by PostgreSQL 14, this machine has ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Install PostgreSQL 14, or dump the data with it", failure.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Data_folder_that_cannot_be_written_is_an_error_that_says_what_to_do()
    {
        await File.WriteAllTextAsync(_home.Below("clone"), "");

        var failure = Assert.Throws<DistributedApplicationException>(Folder.Acquire);
        Assert.StartsWith($"The folder {Folder.Location} cannot be used: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Make it writable, or name another one in the setting PostgresData.", failure.Message, StringComparison.Ordinal);
    }

    private async Task<PostgresChoice> ChooseAsync()
    {
        var choice = await PostgresChoice.DecideAsync("postgres", _settings, Folder);
        choice.SaveKind(_settings, Folder);
        return choice;
    }

    private void Engine(string script) => _settings["ASPIRE_CONTAINER_RUNTIME"] = _home.Program("engine", script);

    private void DataOf(int major)
    {
        Directory.CreateDirectory(Path.Combine(Folder.Location, "data", "global"));
        File.WriteAllText(Path.Combine(Folder.Location, "data", "global", "pg_control"), "");
        File.WriteAllText(Path.Combine(Folder.Location, "data", "PG_VERSION"), $"{major}\n");
    }
}
