using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Fixtures;
using MovieAspire.MigrationWorker.Import;
using MovieAspire.MigrationWorker.Migrations;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>The output of <c>--json</c>: camelCase, indented, with readable SQL and names.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Verification))]
[JsonSerializable(typeof(DatabaseStatus))]
[JsonSerializable(typeof(BackupList))]
[JsonSerializable(typeof(BackupList.Entry))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(IReadOnlyList<PlannedMigration>))]
[JsonSerializable(typeof(LoadResult))]
[JsonSerializable(typeof(UpResult))]
internal sealed partial class WorkerJson : JsonSerializerContext
{
    private const string OptionName = "--json";

    /// <summary>Use it instead of <see cref="Default"/>, which escapes quotes and everything beyond ASCII.</summary>
    public static WorkerJson Readable =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static Option<bool> CreateOption() => new(OptionName)
    {
        Description = "Write the result as one JSON document to standard output, and all else to standard error.",
    };

    /// <summary>Whether the command was asked for JSON.</summary>
    public static bool IsWanted(ParseResult arguments) =>
        arguments.CommandResult.Command.Options.OfType<Option<bool>>()
            .Any(option => option.Name == OptionName && arguments.GetValue(option));

    /// <summary>Writes a result to standard output.</summary>
    public static Task WriteAsync<T>(T result, JsonTypeInfo<T> type) => Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, type));
}
