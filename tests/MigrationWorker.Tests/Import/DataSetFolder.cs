using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Import;
using MovieAspire.MigrationWorker.Tests.Fixtures;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Import;

/// <summary>A data set's files in a temporary folder, and an empty database that they are imported into.</summary>
internal sealed class DataSetFolder : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("movieaspire-import-");

    private DataSetFolder(FixtureDatabase database) => Database = database;

    public FixtureDatabase Database { get; }

    public string Path => _folder.FullName;

    public static async Task<DataSetFolder> CreateAsync() => new(await FixtureDatabase.CreateAsync());

    public void Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public void Write(string name, byte[] content)
    {
        using var file = File.Create(In(name));
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(content);
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Imports the files and gives what was rejected and left out, as "file, line n: reason".</summary>
    public Task<string[]> ImportMovieLensAsync() => ImportAsync("movielens");

    /// <inheritdoc cref="ImportMovieLensAsync"/>
    public Task<string[]> ImportImdbAsync() => ImportAsync("imdb");

    public async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await Database.DisposeAsync();
    }

    private async Task<string[]> ImportAsync(string set)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false;Include Error Detail=true");
        await connection.OpenAsync();
        await using var files = await DataSetFiles.OpenAsync(Path, set, CancellationToken.None);
        using (var rejects = new Rejects(In("rejects")))
        {
            await new DataSetImport(connection, new ImportOptions(), NullLogger.Instance).RunAsync(files, rejects, CancellationToken.None);
        }

        return await File.ReadAllLinesAsync(In("rejects"));
    }
}
