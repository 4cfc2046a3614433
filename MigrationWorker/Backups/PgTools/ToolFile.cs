namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>A file where the programs can read it.</summary>
/// <param name="Path">Its path as they see it.</param>
/// <param name="Remove">Takes it away again.</param>
internal sealed record ToolFile(string Path, Func<Task> Remove) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Remove();
}
