using System.Text.Json;
using System.Text.Json.Serialization;
using MovieAspire.MigrationWorker.Backups.Commands;

namespace MovieAspire.MigrationWorker.Backups.Files;

/// <summary>Reads and writes JSON with code that is made at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupList))]
internal sealed partial class BackupJson : JsonSerializerContext;
