using System.Net.Http.Json;
using Npgsql;

namespace MovieAspire.Standalone.Hosting.Tests;

/// <summary>An AppHost with a PostgreSQL server that keeps its data, and the way into it.</summary>
internal sealed class StoreAppHost : IAsyncDisposable
{
    private StoreAppHost(AppHostProcess process, string connectionString)
    {
        Process = process;
        ConnectionString = connectionString;
    }

    public AppHostProcess Process { get; }

    public string ConnectionString { get; }

    public int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    public string Password => new NpgsqlConnectionStringBuilder(ConnectionString).Password!;

    public static AppHostProcess Begin(TemporaryFolder home, string kind, params IEnumerable<string> settings) =>
        AppHostProcess.Start(home, "postgres", ["--Standalone:Postgres", kind, .. settings]);

    public static async Task<StoreAppHost> StartAsync(TemporaryFolder home, string kind = "process")
    {
        var process = Begin(home, kind);
        var url = await process.LineAsync(@"^  api\s+(http://localhost:\d+)$");
        using var client = new HttpClient();
        var environment = await client.GetFromJsonAsync<Dictionary<string, string>>(new Uri(url + "/environment"));
        return new StoreAppHost(process, environment!["ConnectionStrings__store"]);
    }

    /// <summary>The folder with the server's data.</summary>
    public static string Data(TemporaryFolder home) =>
        Path.GetDirectoryName(Directory.EnumerateFiles(home.Below("data"), "PG_VERSION", SearchOption.AllDirectories).MinBy(f => f.Length)!)!;

    public static int ServerId(TemporaryFolder home) =>
        int.Parse(File.ReadLines(Path.Combine(Data(home), "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);

    public async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The statements are those of the tests.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Ends AppHost and guard without a chance to tidy up, so that the server outlives them.</summary>
    public async Task AbandonAsync()
    {
        var children = Directory.EnumerateDirectories($"/proc/{Process.Id}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => (Id: int.Parse(child, System.Globalization.CultureInfo.InvariantCulture), Line: File.ReadAllText($"/proc/{child}/cmdline")))
            .ToList();
        await Signals.SendAsync(children.Single(c => c.Line.StartsWith("/bin/sh", StringComparison.Ordinal)).Id, "KILL");
        await Process.SignalAsync("KILL");
        await Process.ExitAsync();
        // Nobody else would end the service now.
        await Signals.SendAsync(children.Single(c => c.Line.Contains("Tests.Subject", StringComparison.Ordinal)).Id, "KILL");
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
