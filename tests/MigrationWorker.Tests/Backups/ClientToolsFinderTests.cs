using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Backups;

public sealed class ClientToolsFinderTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("movieaspire-tools-").FullName;
    private NpgsqlConnection _server = null!;

    public async Task InitializeAsync() =>
        _server = await ServerConnection.OpenMaintenanceAsync(new(await PostgresServer.ConnectionStringAsync()), CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [RequiresFact(Testing.Tool.Unix)]
    public async Task Servers_own_version_is_preferred_wherever_it_is_found()
    {
        var major = _server.PostgreSqlVersion.Major;
        var folders = new[] { Add($"{major - 1}.9"), Add($"{major + 1}.2"), Add($"{major}.4"), Add($"{major}.5") };
        var tools = await new ClientToolsFinder(folders).FindAsync(_server, major, CancellationToken.None);
        Assert.Equal((folders[2], $"{major}.4"), (tools.Place, tools.Version.Text));
    }

    [RequiresFact(Testing.Tool.Unix)]
    public async Task Oldest_version_that_is_not_older_than_the_server_comes_second()
    {
        var major = _server.PostgreSqlVersion.Major;
        var tools = await new ClientToolsFinder([Add($"{major - 1}.9"), Add($"{major + 2}.1"), Add($"{major + 1}beta1")]).FindAsync(
            _server, major, CancellationToken.None);
        Assert.Equal($"{major + 1}beta1", tools.Version.Text);
    }

    [RequiresFact(Testing.Tool.Unix)]
    public async Task Tools_that_are_all_too_old_are_named()
    {
        var old = Add("9.6.24");
        var broken = Directory.CreateDirectory(Path.Combine(_folder, "broken")).FullName;
        await File.WriteAllTextAsync(Path.Combine(broken, "pg_dump"), "");
        var error = await Assert.ThrowsAsync<ClientToolsMissingException>(
            () =>
                new ClientToolsFinder([Path.Combine(_folder, "missing"), broken, old]).FindAsync(
                    _server, _server.PostgreSqlVersion.Major, CancellationToken.None));
        Assert.Contains($"9.6.24 in {old}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"postgresql-client-{_server.PostgreSqlVersion.Major}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15, "15.18")]
    [InlineData("pg_restore (PostgreSQL) 18beta1", 18, "18beta1")]
    public void Versions_are_read_as_the_programs_print_them(string printed, int major, string text)
    {
        Assert.Equal(new ToolVersion(major, text), ToolVersion.Parse(printed));
        Assert.Equal(major, ToolVersion.ParseMajor(text));
    }

    [Fact]
    public void Passwords_stand_on_no_command_line()
    {
        var variables = LibpqEnvironment.From(
            new("Host=db;Port=5433;Username=me;Password=it's secret;SSL Mode=VerifyFull;Root Certificate=/ca.pem"));
        Assert.Equal(
            ("db", "5433", "me", "it's secret"), (variables["PGHOST"], variables["PGPORT"], variables["PGUSER"], variables["PGPASSWORD"]));
        Assert.Equal(("verify-full", "/ca.pem"), (variables["PGSSLMODE"], variables["PGSSLROOTCERT"]));
        Assert.Equal(@"--dbname=dbname='it\'s \\ mine'", ClientTools.DatabaseArgument(@"it's \ mine"));
    }

    private string Add(string version)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, version)).FullName;
        foreach (var program in new[] { ClientTools.Dump, ClientTools.Restore })
        {
            ToolScript.Write(Path.Combine(folder, program), $"echo '{program} (PostgreSQL) {version} (Test)'");
        }

        return folder;
    }
}
