using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>What commands write for scripts to read: camelCase, indented, SQL readable.</summary>
internal static class Json
{
    private static readonly WorkerJson Context = new(new JsonSerializerOptions(WorkerJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Write(Verification result) => JsonSerializer.Serialize(result, Context.Verification);

    public static string Write(DatabaseStatus status) => JsonSerializer.Serialize(status, Context.DatabaseStatus);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Verification))]
[JsonSerializable(typeof(DatabaseStatus))]
internal sealed partial class WorkerJson : JsonSerializerContext;
