using System.Buffers;
using System.Data;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Writes tables as a fixture: one JSON document, one record a line, sorted by natural keys.</summary>
internal sealed class FixtureDump(NpgsqlConnection connection, ILogger log)
{
    private const int PieceSize = 64 * 1024;
    private static readonly byte[] FirstLine = "\n"u8.ToArray();
    private static readonly byte[] NextLine = ",\n"u8.ToArray();
    private readonly ArrayBufferWriter<byte> _output = new(2 * PieceSize);

    /// <summary>Writes all tables from one snapshot, while others keep writing.</summary>
    public async Task WriteAsync(IReadOnlyList<FixtureSelection> selection, Stream stream, CancellationToken cancellationToken)
    {
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

        // Sorting by natural keys should spill to disk as little as possible.
        await connection.ExecuteAsync("SET TRANSACTION READ ONLY; SET LOCAL work_mem = '256MB'", cancellationToken);
        Write($$"""
            {
            "format": "{{FixtureHeader.FormatName}}",
            "version": {{FixtureHeader.FormatVersion}},
            "migration": {{JsonSerializer.Serialize(await MigrationState.RequireCurrentAsync(connection, cancellationToken))}},
            "tables": {
            """);
        var before = "\n";
        foreach (var (table, fields) in selection)
        {
            Write($"{before}\"{table.Name}\": [");
            await WorkerTelemetry.TraceAsync($"dump {table.Name}", () => WriteAsync(table, fields, stream, cancellationToken));
            Write("\n]");
            before = ",\n";
        }

        Write("\n}\n}\n");
        await SendAsync(stream, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    private async Task WriteAsync(
        FixtureTable table, IReadOnlyList<FixtureField> fields, Stream stream, CancellationToken cancellationToken)
    {
        using var progress = new Progress(log, table.Name);
        var record = new RecordWriter(fields, _output);
        await using var rows = await connection.BeginBinaryExportAsync(
            $"COPY ({Query(table, fields)}) TO STDOUT (FORMAT binary)", cancellationToken);
        var before = FirstLine;
        while (await rows.StartRowAsync(cancellationToken) >= 0)
        {
            _output.Write(before);
            await record.WriteAsync(rows, cancellationToken);
            progress.Add(1);
            before = NextLine;
            if (_output.WrittenCount > PieceSize)
            {
                await SendAsync(stream, cancellationToken);
            }
        }
    }

    // Collation "C" sorts alike on every machine.
    private static string Query(FixtureTable table, IReadOnlyList<FixtureField> fields)
    {
        var columns = fields.Select(
            field => field.Type is FixtureType.Text or FixtureType.Numeric ? $"{field.Expression}::text" : field.Expression);
        var order = table.KeyFields.Select(
            field => field.Type is FixtureType.Text ? $"{field.Expression} COLLATE \"C\"" : field.Expression);
        var joins = table.References.Select(reference => reference.DumpJoin);
        return $"SELECT {string.Join(", ", columns)} FROM {table.Name} t {string.Join(' ', joins)} ORDER BY {string.Join(", ", order)}";
    }

    private void Write(string text) => _output.Write(Encoding.UTF8.GetBytes(text));

    private async Task SendAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_output.WrittenMemory, cancellationToken);
        _output.ResetWrittenCount();
    }
}
