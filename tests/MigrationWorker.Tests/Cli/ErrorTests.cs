using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Cli;

public sealed class ErrorTests
{
    [Fact]
    public async Task Worker_without_a_connection_string_says_where_to_give_one()
    {
        var result = await Worker.RunProcessAsync("");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("error: There is no connection string: give --connection", result.LastErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_does_not_answer_is_waited_for_and_then_named()
    {
        var clock = Stopwatch.StartNew();
        var result = await Worker.RunAsync($"Host=127.0.0.1;Port={UnusedPort()};Username=x", "up", "--server-wait", "2");
        Assert.Equal(2, result.ExitCode);
        // .NET's timers may be some milliseconds early.
        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(1.9), $"gave up after {clock.Elapsed}");
        Assert.Contains("Waiting for PostgreSQL at 127.0.0.1", result.Output, StringComparison.Ordinal);
        Assert.Contains("accepted no connection within 2 s", result.LastErrorLine, StringComparison.Ordinal);
        Assert.EndsWith(
            "Run the command again when it does, with a longer --server-wait if it needs one.", result.LastErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://ann:p%40ss@example.org:5433/m?sslmode=require", "Host=example.org;Port=5433;Database=m;Username=ann")]
    [InlineData("postgres://ann@db", "Host=db;Port=5432;Database=moviedb;Username=ann")]
    public async Task Url_is_refused_with_the_form_that_is_needed(string url, string form)
    {
        var result = await Worker.RunAsync(url, "status");
        Assert.Equal(
            (2, $"error: The connection string is a URL; write it as {form};Password=…"), (result.ExitCode, result.LastErrorLine));
    }

    [Theory]
    [InlineData("Port=99999")]
    [InlineData("Multiplexing=true")]
    [InlineData("Target Session Attributes=standby")]
    public async Task Setting_that_no_connection_can_have_is_refused(string setting)
    {
        var result = await Worker.RunAsync($"Host=127.0.0.1;Username=x;{setting}", "status");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("error: The connection string cannot be used; correct it: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setting_that_the_server_refuses_is_told_with_where_it_comes_from()
    {
        var server = new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Options = "-c nonsense=1" };
        var result = await Worker.RunAsync(server.ConnectionString, "status");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("\"nonsense\"", result.LastErrorLine, StringComparison.Ordinal);
        Assert.EndsWith("or PGOPTIONS and PGTZ of the environment.", result.LastErrorLine, StringComparison.Ordinal);
    }

    [RequiresFact(Tool.Unix)]
    public async Task Connection_that_cannot_be_encrypted_is_told_with_the_setting_to_correct()
    {
        await using var database = await TestDatabase.CreateAsync();
        var result = await Worker.RunAsync($"{database.ConnectionString};SSL Mode=Require", "status");
        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith("or write SSL Mode=Prefer in the connection string.", result.LastErrorLine, StringComparison.Ordinal);

        var refused = new NpgsqlException("Exception while performing SSL handshake", new AuthenticationException("Rejected."));
        var options = new NpgsqlConnectionStringBuilder { Host = "db", SslMode = SslMode.VerifyFull };
        Assert.StartsWith(
            "The connection to db:5432 could not be encrypted with SSL Mode=VerifyFull: Rejected. Check that Root Certificate ",
            TlsProblem.Explain(refused, options), StringComparison.Ordinal);
        options.RootCertificate = "/nowhere/ca.pem";
        Assert.Equal(
            "Root Certificate of the connection string: Could not find a part of the path '/nowhere/ca.pem'. Check the path.",
            TlsProblem.Explain(refused, options));
        Assert.NotNull(TlsProblem.Explain(new CryptographicException("ASN1 corrupted data."), options));
        Assert.Null(TlsProblem.Explain(new NpgsqlException("The connection was cut"), options));
    }

    [Fact]
    public async Task Wrong_password_fails_at_once()
    {
        var server = new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Password = "wrong" };
        var result = await Worker.RunAsync(server.ConnectionString);
        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith("(28P01). Check host, user and password of the connection string.", result.LastErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("migrate", "--to", "nothing")]
    [InlineData("rollback")]
    [InlineData("seed")]
    [InlineData("dump", "all.json")]
    [InlineData("backup")]
    [InlineData("restore", "missing.dump")]
    [InlineData("restore", "prune", "--yes")]
    [InlineData("verify-backup", "missing.dump")]
    public async Task Only_commands_that_fill_a_database_create_it(params string[] command)
    {
        var server = new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Database = $"test_{Guid.NewGuid():N}" };
        var result = await Worker.RunAsync(server.ConnectionString, command);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(
            command[^1] == "missing.dump" ? "There is no file" : "or create it with: up", result.LastErrorLine, StringComparison.Ordinal);
        Assert.False(await Sql.ScalarAsync<bool>(
            await PostgresServer.ConnectionStringAsync(), $"SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{server.Database}')"));
    }

    [Theory]
    [InlineData("SET default_transaction_read_only = on", true, "(25006). Connect to the primary server")]
    [InlineData("CONNECTION LIMIT 0", false, "(53300). Stop other programs that are connected")]
    [InlineData("CONNECTION LIMIT -1", false, "(42501). Connect as the owner of the database.")]
    public async Task Refusal_of_the_server_is_followed_by_what_to_do(string setting, bool isOwner, string said)
    {
        await using var database = await TestDatabase.AtSchemaAsync();
        var other = await DatabaseOwner.TakeAsync(database.ConnectionString);
        await PostgresServer.ExecuteAsync($"""ALTER DATABASE "{database.Name}" {setting}""");
        var result = await Worker.RunAsync(
            isOwner ? database.ConnectionString : other, "seed", "--profile", "movies", "--server-wait", "0");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.LastErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", "Stop other programs")]
    [InlineData("query failed: FATAL:  terminating connection due to unexpected postmaster exit", "The connection was cut: see whether")]
    [InlineData("query failed: server closed the connection unexpectedly", "The connection was cut: see whether")]
    public void Program_without_a_connection_is_quoted_with_what_to_do(string error, string remedy)
    {
        var errors = new ProcessErrors();
        errors.Add(error);
        Assert.StartsWith($"{error}. {remedy}", errors.ToString(), StringComparison.Ordinal);
    }

    // As two jobs of pg_restore 17 wrote it.
    [Theory]
    [InlineData("pg_restore: error: could not execute query: ERROR", 1)]
    [InlineData("pg_restore:pg_restore:  error: error: could not execute query: ERROR", 2)]
    public void Errors_of_programs_that_write_into_each_others_lines_are_all_counted(string line, int count)
    {
        var errors = new ProcessErrors();
        errors.Add(line);
        Assert.Equal(count, errors.Count);
    }

    [Fact]
    public async Task Waiting_worker_names_the_holder_and_gives_up_in_time()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var holder = new NpgsqlConnection(database.ConnectionString + ";Application Name=the holder");
        await holder.OpenAsync();
        await holder.ExecuteAsync("SELECT pg_advisory_lock(x'4D6F766965417370'::bigint)");

        var result = await Worker.RunAsync(database.ConnectionString, "up", "--lock-wait", "0.5");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Waiting for the holder (process ", result.Output, StringComparison.Ordinal);
        Assert.Contains("Gave up after 0.5 s of waiting for the holder", result.LastErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up", "--server-wait", "soon")]
    [InlineData("up", "--lock-timeout", "-1")]
    [InlineData("up", "--seed", "everything")]
    [InlineData("seed", "--profile", "everything")]
    [InlineData("rollback", "--steps", "0")]
    [InlineData("rollback", "--steps", "all")]
    public async Task Invalid_option_is_refused(string command, string option, string value)
    {
        var result = await Worker.RunAsync("Host=127.0.0.1;Port=1", command, option, value);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"'{value}'", result.LastErrorLine, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
    }

    [RequiresTheory(Tool.Linux)]
    [InlineData("No space left on device : '/dev/full'. Free space there, or choose another place.", "dump", "/dev/full")]
    [InlineData("Could not find a part of the path '/nowhere/.x.json.partial'. Check the path.", "dump", "/nowhere/x.json")]
    [InlineData("Could not find file '/nowhere'. Check the path.", "load", "/nowhere")]
    [InlineData("Could not find file '/nowhere'. Check the path.", "import", "/nowhere")]
    [InlineData("/dev/null is a file. Name a folder for the backups, on the command line or as Backup__Folder.", "backup", "/dev/null")]
    [InlineData("/dev/null is a file. Name a folder for the backups, on the command line or as Backup__Folder.", "backups", "/dev/null")]
    public async Task File_that_cannot_be_used_is_named_with_what_to_do(string reason, params string[] command)
    {
        await using var database = await TestDatabase.AtSchemaAsync();
        var result = await Worker.RunAsync(database.ConnectionString, command);
        Assert.Equal((2, $"error: {reason}"), (result.ExitCode, result.LastErrorLine));
    }

    [RequiresFact(Tool.Linux)]
    public void Place_that_cannot_be_written_to_is_told_from_one_that_belongs_to_others()
    {
        const int ReadOnly = 30;
        Assert.Equal(
            "Read-only file system : '/x'. Choose a place that can be written to.",
            ErrorFormatter.Format(new IOException("Read-only file system : '/x'", ReadOnly)));
        Assert.Equal(
            $"Access to the path '/x' is denied. Give the user {Environment.UserName} the right to it, or choose another path.",
            ErrorFormatter.Format(new UnauthorizedAccessException("Access to the path '/x' is denied.")));
    }

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
