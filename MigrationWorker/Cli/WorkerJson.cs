using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>What commands print with <c>--json</c>: camelCase, indented, with SQL and names as users read them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Verification))]
[JsonSerializable(typeof(DatabaseStatus))]
[JsonSerializable(typeof(BackupList))]
internal sealed partial class WorkerJson : JsonSerializerContext
{
    /// <summary>To be used instead of <see cref="Default"/>, which escapes quotes and everything beyond ASCII.</summary>
    public static WorkerJson Readable =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static Option<bool> CreateOption() => new("--json") { Description = "Write JSON to standard output." };
}
