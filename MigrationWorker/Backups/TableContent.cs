using System.Text.Json.Serialization;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>What a table holds, in short.</summary>
/// <param name="Schema">The schema that it is in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Rows">The number of its rows.</param>
/// <param name="Hash">Sum over all rows of their <see cref="RowHash"/>, without generated columns, in decimal. Rows may stand in any order.</param>
internal sealed record TableContent(string Schema, string Name, long Rows, string Hash)
{
    [JsonIgnore]
    public string FullName => Schema == "public" ? Name : $"{Schema}.{Name}";
}
